package org.colleaguesearch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoSourcesTest {
    private static final String WORKS = "/apis/works/works?api_key=demo-key&author=";

    @TempDir
    Path folder;

    private DemoApi api;
    private DemoClient client;
    private String ada;
    private String bob;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("people.jsonl");
        Files.writeString(file, """
                {"id":"demo:a/b&c","name":"Ada","active":true,"patents":[{"title":"Lamp","date":"2021-03-04"},{"title":"Better lamp"},{}]}
                {"id":"demo:bob","name":"Bob","active":true}
                """);
        api = new DemoApi(new Settings.Demo(file, 0));
        client = new DemoClient(api.start());
        JsonNode staff = client.json("/staff");
        ada = staff.at("/0/ids/orcid").textValue();
        bob = staff.at("/1/ids/orcid").textValue();
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void cursorLeadsFromPageToPage() {
        JsonNode first = client.json(WORKS + ada + "&limit=2");

        assertThat(first.path("results").findValuesAsText("title")).containsExactly("On Lamp", "On Better lamp");
        JsonNode last = client.json(
                WORKS + ada + "&limit=2&cursor=" + first.at("/meta/next_cursor").textValue());
        assertThat(last.path("results").findValuesAsText("title")).containsExactly("On ");
        assertThat(last.at("/meta/next_cursor").isNull()).isTrue();
    }

    @Test
    void worksHaveAVenue() {
        JsonNode result = client.json(WORKS + ada).at("/results/0");

        assertThat(result.path("year").intValue()).isEqualTo(2021);
        assertThat(result.at("/venue/name").textValue()).contains("DEMO");
        assertThat(result.at("/venue/type").textValue()).isIn("journal", "conference");
    }

    @Test
    void worksAreEmptyForNobodyAndPastTheEnd() {
        for (String query : List.of("nobody", bob, ada + "&cursor=9", bob + "&cursor=2147483647")) {
            JsonNode answer = client.json(WORKS + query);

            assertThat(answer.path("results")).isEmpty();
            assertThat(answer.at("/meta/next_cursor").isNull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 401",
        "api_key=another, 401",
        "api_key=demo-key&limit=0, 400",
        "api_key=demo-key&cursor=x, 400",
    })
    void worksAreRefusedForBadRequests(String query, int status) {
        HttpResponse<String> answer = client.get("/apis/works/works?" + query);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(client.parsed(answer.body()).path("error").asText()).isNotBlank();
    }
}
