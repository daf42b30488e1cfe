package org.colleaguesearch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoApiTest {
    private static final String ADA = """
            {"id":"demo:ada","name":"Ada \\"the\\" Example","active":true,"patents":[{"number":"DEMO-1"}],"functions":[]}""";
    private static final String BOB = """
            {"id":"demo:bob","name":"Bob","active":false,"patents":[]}""";

    @TempDir
    Path folder;

    private DemoApi api;
    private DemoClient client;

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        if (api != null) {
            api.close();
        }
    }

    @Test
    void listsIdAndNameOnly() {
        serve(ADA);

        HttpResponse<String> answer = client.get("/people");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.body()).isEqualTo("""
                        {"items":[{"id":"demo:ada","name":"Ada \\"the\\" Example"}],"next":null}""");
    }

    @Test
    void filtersByActive() {
        serve(ADA, BOB);

        assertThat(client.follow("/people?active=true")).containsExactly("demo:ada");
        assertThat(client.follow("/people?active=false")).containsExactly("demo:bob");
        assertThat(client.follow("/people")).containsExactly("demo:ada", "demo:bob");
    }

    @Test
    void pagesUntilNextIsNull() {
        serve(crowd(25));

        assertThat(client.json("/people?active=true&page=1&size=10").get("next").textValue())
                .isEqualTo("/people?active=true&page=2&size=10");
        assertThat(client.follow("/people?active=true&page=1&size=10"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 25).mapToObj(i -> "demo:" + i).toList());
    }

    @Test
    void lastPageThatIsFullHasNoNext() {
        serve(crowd(20));

        JsonNode last = client.json("/people?page=2&size=10");

        assertThat(last.get("items")).hasSize(10);
        assertThat(last.get("next").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/people", "/people?size=1000000"})
    void limitsPagesToFiveHundred(String path) {
        serve(crowd(501));

        JsonNode page = client.json(path);

        assertThat(page.get("items")).hasSize(500);
        assertThat(page.get("next").textValue()).isEqualTo("/people?page=2&size=500");
        assertThat(client.follow(path)).hasSize(501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/people?page=2", "/people?page=2147483647&size=500"})
    void pagePastTheEndIsEmpty(String path) {
        serve(ADA);

        HttpResponse<String> answer = client.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("""
                {"items":[],"next":null}""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=0",
                "page=-1",
                "page=one",
                "page=",
                "page",
                "page=99999999999",
                "size=0",
                "size=x",
                "active=yes"
            })
    void refusesBadPage(String query) {
        serve(ADA);

        HttpResponse<String> answer = client.get("/people?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(client.parsed(answer.body()).get("error").textValue())
                .startsWith(query.replaceAll("=.*", "") + " must be ");
    }

    @Test
    void servesEmptyFile() {
        serve();

        assertThat(client.follow("/people?active=true&page=1&size=500")).isEmpty();
    }

    @Test
    void skipsBlankLinesAndByteOrderMark() {
        serve("\uFEFF" + ADA, "", BOB + "\r", "  ");

        assertThat(client.follow("/people")).containsExactly("demo:ada", "demo:bob");
    }

    @Test
    void servesSectionsByteForByte() {
        String odd = "[ 1.50, 1e2,\t{\"b\":\"\\u00e9é\\/\",\"a\":[]} ]";
        serve("{\"anything\":" + odd + ",\"id\":\"demo:ada\",\"note\":{\"x\":[1]},\"name\":\"Ada\",\"active\":true}");

        HttpResponse<String> answer = client.get("/people/demo:ada/anything");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(answer.body()).isEqualTo("{\"id\":\"demo:ada\",\"anything\":" + odd + "}");
        assertThat(client.get("/people/demo:ada/note").statusCode()).isEqualTo(404);
    }

    @Test
    void servesEmptySections() {
        serve(ADA);

        assertThat(client.get("/people/demo:ada/functions").body()).isEqualTo("""
                        {"id":"demo:ada","functions":[]}""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo:a b",
                "demo:a/b",
                "demo:a%b",
                "demo:%2F",
                "demo:a+b",
                "demo:a?b#c",
                "demo:ü",
                "demo:号",
                "demo:../up",
                "demo:a\"b\\c",
                "demo:a&page=2;",
                "😀"
            })
    void servesIdsThatNeedEncoding(String id) {
        serve("{\"id\":" + PeopleFile.quoted(id) + ",\"name\":\"N\",\"active\":true,\"patents\":[7]}");

        JsonNode answer = client.json(DemoClient.section(id, "patents"));

        assertThat(answer.get("id").textValue()).isEqualTo(id);
        assertThat(answer.get("patents").get(0).intValue()).isEqualTo(7);
        assertThat(client.follow("/people")).containsExactly(id);
    }

    @Test
    void decodesIdsOnlyOnce() {
        serve(ADA.replace("demo:ada", "demo:a/b"));

        assertThat(client.get("/people/demo:a%2Fb/patents").statusCode()).isEqualTo(200);
        assertThat(client.get("/people/demo:a%252Fb/patents").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/people/demo:nobody/patents",
                "/people/demo:ada/hobbies",
                "/people/demo:ada/id",
                "/people/demo:ada",
                "/people/demo:ada/",
                "/people/demo:ada/patents/",
                "/people/",
                "/peoples",
                "/"
            })
    void unknownPersonSectionOrPathIsNotFound(String path) {
        serve(ADA);

        HttpResponse<String> answer = client.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(client.parsed(answer.body()).get("error").textValue()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "HEAD"})
    void refusesOtherMethods(String method) {
        serve(ADA);

        HttpResponse<String> answer = client.send(method, "/people/demo:ada/patents");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    }

    @Test
    void smallResponsesDoNotStall() {
        serve(ADA);

        long[] nanos = new long[101];
        for (int call = 0; call < nanos.length; call++) {
            long start = System.nanoTime();
            client.get("/people/demo:ada/patents");
            nanos[call] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);

        // On JDK 21 and 22 most calls would take 40 ms or more. The median, since a busy machine slows some calls.
        assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(30));
    }

    @Test
    void stopsListeningWhenClosedAndCanStartAgain() {
        URI baseUrl = serve(ADA);
        api.close();
        api.close();

        assertThatThrownBy(() -> client.get("/people")).as("%s", baseUrl).hasCauseInstanceOf(ConnectException.class);
        try (DemoClient again = new DemoClient(api.start())) {
            assertThat(again.follow("/people")).containsExactly("demo:ada");
        }
    }

    @Test
    void refusesSecondStart() {
        serve(ADA);

        assertThatThrownBy(api::start).isInstanceOf(IllegalStateException.class);
    }

    private URI serve(String... lines) {
        Path file = folder.resolve("people.jsonl");
        try {
            Files.writeString(
                    file, List.of(lines).stream().map(line -> line + "\n").collect(Collectors.joining()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        api = new DemoApi(new Settings.Demo(file, 0));
        URI baseUrl = api.start();
        client = new DemoClient(baseUrl);
        return baseUrl;
    }

    private static String[] crowd(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"demo:" + i + "\",\"name\":\"N\",\"active\":true,\"patents\":[]}")
                .toArray(String[]::new);
    }
}
