package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.web.EdgeApplication.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.camel.util.concurrent.ThreadType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** What a route receives from a request, and what the client receives from its response. */
class RequestTest {
    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.echo();

    @Test
    void passesParametersOfContractAndCallerToRoute() throws IOException {
        HttpResponse<String> answer = APPLICATION.get("/api/autosuggest?q=caf%C3%A9+x%26y&size=7");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode message = json(answer);
        assertThat(message.get("operation").textValue()).isEqualTo("autosuggest");
        assertThat(message.at("/headers/q").textValue()).isEqualTo("café x&y");
        assertThat(message.at("/headers/size").textValue()).isEqualTo("7");
        assertThat(message.at("/headers/X-API-Caller").textValue()).isEqualTo("all");
        assertThat(message.get("body").textValue()).isEmpty();
        assertThat(message.get("virtual").booleanValue()).isTrue();
    }

    @Test
    void passesUnchangedBodyAndPathParametersToRoute() throws IOException {
        String body = "{ \"query\":\"caf\\u00e9 \uD83D\uDE00\", \"filters\" : {\"country\":[\"US\",\"SE\"]} }";

        assertThat(json(APPLICATION.post("/api/expertise-search", body))
                        .get("body")
                        .textValue())
                .isEqualTo(body);
        JsonNode message = json(APPLICATION.get("/api/exports/job-1/result.csv"));
        assertThat(message.get("operation").textValue()).isEqualTo("download-export");
        assertThat(message.at("/headers/job_id").textValue()).isEqualTo("job-1");
        assertThat(message.at("/headers/file").textValue()).isEqualTo("result.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/exports/%6Aob/result.csv, download-export",
        "/%61pi/exports/%6Aob/result.csv, download-export",
        "/api/runs/20261123T020000000Z-patents/errors.csv, get-run-errors",
        "/api/runs/20261123T020000000Z-patents, get-run",
        "/api/indexers, list-indexers",
        "/api/nodes, list-nodes",
    })
    void findsOperationHoweverItsPathIsEncoded(String path, String operation) throws IOException {
        JsonNode message = json(APPLICATION.get(path));

        assertThat(message.path("operation").asText()).as(message.toString()).isEqualTo(operation);
        if (path.contains("%6A")) {
            assertThat(message.at("/headers/job_id").textValue()).isEqualTo("job");
        }
    }

    @Test
    void dropsHeadersThatClientCouldForge() throws IOException {
        HttpRequest.Builder request = APPLICATION.request("/api/exports/job-1").header("Range", "bytes=0-1");
        for (String name : List.of(
                "CamelHttpUri",
                "CamelHttpPath",
                "camelhttpquery",
                "job_id",
                "X-API-Caller",
                "q",
                "size",
                "Prefer",
                "X-Other",
                "Cookie",
                "CamelFileName",
                "breadcrumbId")) {
            request.header(name, "http://evil.test");
        }
        JsonNode message = json(APPLICATION.send(request));

        assertThat(message.toString()).doesNotContain("evil");
        assertThat(message.at("/headers/job_id").textValue()).isEqualTo("job-1");
        assertThat(message.at("/headers/X-API-Caller").textValue()).isEqualTo("all");
        assertThat(message.at("/headers/Range").textValue()).isEqualTo("bytes=0-1");
        assertThat(StreamSupport.stream(
                        ((Iterable<String>) () -> message.get("headers").fieldNames()).spliterator(), false))
                .containsExactlyInAnyOrder("Content-Type", "Range", "X-API-Caller", "job_id");
    }

    @Test
    void passesParameterThatLooksLikeAListAsText() throws IOException {
        assertThat(json(APPLICATION.get("/api/autosuggest?q=%5Ba,b%5D"))
                        .at("/headers/q")
                        .textValue())
                .isEqualTo("[a,b]");
    }

    @Test
    void ignoresBodyOfGet() throws IOException {
        HttpResponse<String> answer = APPLICATION.send(APPLICATION
                .request("/api/autosuggest?q=x")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method("GET", BodyPublishers.ofString("q=y&size=9")));

        assertThat(json(answer).at("/headers/q").textValue()).isEqualTo("x");
        assertThat(json(answer).at("/body").textValue()).isEmpty();
    }

    @Test
    void sendsOnlyAllowedResponseHeaders() throws IOException {
        HttpResponse<String> answer = APPLICATION.get("/api/autosuggest?q=secret-query");

        assertThat(answer.headers().firstValue("Location")).hasValue("/api/there");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(answer.headers().map().toString()).doesNotContain("secret", "inside.test", "Camel", "q=[");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(answer.headers().firstValue("Cache-Control"))
                .get()
                .asString()
                .contains("no-store");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/indexers",
                "/api/exports/job/result.csv",
                "/api/runs/20261123T020000000Z-patents/errors.csv",
                "/api/runs/nothing",
                "/api/none",
                "/api/runs?state=gone"
            })
    void answersHeadAsGetWithoutBody(String path) throws IOException {
        HttpResponse<String> get = APPLICATION.get(path);

        HttpResponse<String> head = APPLICATION.send(APPLICATION.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.body()).isEmpty();
        for (String name : List.of("Content-Type", "Location", "Cache-Control")) {
            assertThat(head.headers().firstValue(name)).isEqualTo(get.headers().firstValue(name));
        }
        // It may be omitted, but must not differ (RFC 9110, section 8.6).
        assertThat(head.headers().firstValue("Content-Length"))
                .satisfiesAnyOf(
                        length -> assertThat(length).isEmpty(),
                        length -> assertThat(length).isEqualTo(get.headers().firstValue("Content-Length")));
    }

    @Test
    void failureOfRouteRevealsNothing(CapturedOutput log) throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post("/api/expertise-search", "{\"query\":\"fail as a route may\"}"), 500);

        assertThat(problem.toString()).doesNotContain("secret", "Exception");
        assertThat(log.getOut()).contains("secret of a route").doesNotContain("\tat ");
    }

    @Test
    void leavesCamelThreadPoolsUnchanged() {
        assertThat(ThreadType.current()).isEqualTo(ThreadType.PLATFORM);
    }
}
