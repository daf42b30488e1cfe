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
import org.junit.jupiter.params.provider.ValueSource;

class WorksTest {
    private static final String KEY = "demo-key";

    @TempDir
    Path folder;

    private DemoApi api;
    private DemoClient client;

    @BeforeEach
    void start() throws IOException {
        Path file = folder.resolve("people.jsonl");
        Files.writeString(file, """
                {"id":"demo:a/b&c","name":"Ada","active":true,"patents":[{"title":"Lamp","date":"2021-03-04"},{"title":"Better lamp"},{}]}
                {"id":"demo:bob","name":"Bob","active":true}
                """);
        api = new DemoApi(new Settings.Demo(file, 0));
        client = new DemoClient(api.start());
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void linkFromPageToPage() {
        JsonNode first = works("/works?author=demo:a%2Fb%26c&page=1&per-page=2");

        assertThat(first.path("meta").toString())
                .isEqualTo("{\"count\":3,\"page\":1,\"next\":\"/works?author=demo%3Aa%2Fb%26c&page=2&per-page=2\"}");
        assertThat(first.path("results").findValuesAsText("title")).containsExactly("On Lamp", "On Better lamp");
        JsonNode last = works(first.path("meta").path("next").textValue());
        assertThat(last.path("results").findValuesAsText("title")).containsExactly("On Untitled");
        assertThat(last.path("meta").path("next").isNull()).isTrue();
    }

    @Test
    void areNested() {
        JsonNode result = works("/works?author=demo:a%2Fb%26c").path("results").path(0);

        assertThat(result.at("/work/year").intValue()).isEqualTo(2021);
        assertThat(result.at("/work/venue/name").textValue()).contains("DEMO");
        assertThat(result.at("/work/venue/type").textValue()).isIn("journal", "conference");
        assertThat(result.at("/authors/0/id").textValue()).isEqualTo("demo:a/b&c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"author=demo:bob", "author=demo:a%2Fb%26c&page=9", "author=demo:bob&page=2147483647"})
    void areEmptyPastTheEnd(String query) {
        JsonNode answer = works("/works?" + query);

        assertThat(answer.path("results")).isEmpty();
        assertThat(answer.at("/meta/next").isNull()).isTrue();
    }

    @Test
    void areRefusedWithoutTheKey() {
        for (HttpResponse<String> answer :
                List.of(client.get("/works?author=demo:bob"), client.get("/works?author=demo:bob", "another"))) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(client.parsed(answer.body()).path("status").intValue()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400",
        "author=demo:bob&page=0, 400",
        "author=demo:bob&per-page=x, 400",
        "author=demo:nobody, 404",
    })
    void areRefusedForBadRequests(String query, int status) {
        HttpResponse<String> answer = client.get("/works?" + query, KEY);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(client.parsed(answer.body()).path("error").asText()).isNotBlank();
    }

    @Test
    void otherPathsNeedNoKey() {
        assertThat(client.get("/people").statusCode()).isEqualTo(200);
        assertThat(client.get("/people", "another").statusCode()).isEqualTo(200);
    }

    private JsonNode works(String path) {
        HttpResponse<String> answer = client.get(path, KEY);
        assertThat(answer.statusCode()).isEqualTo(200);
        return client.parsed(answer.body());
    }
}
