package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that violates the contract gets a problem document that names the fault. */
class RefusedRequestTest {
    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.SHARED;

    @Test
    void listsEveryFaultOfABody() throws IOException {
        HttpResponse<String> answer = APPLICATION.post(
                "/api/expertise-search",
                "{\"query\":7,\"filters\":{\"country\":\"US\",\"contry\":\"x\"},\"from\":-1,\"size\":1.5,\"sort\":\"best\","
                        + "\"a/b~\":1}");

        JsonNode problem = EdgeApplication.problem(answer, 400);
        assertThat(problem.get("errors").findValuesAsText("field"))
                .contains("/query", "/filters/country", "/filters/contry", "/from", "/size", "/sort", "/a~1b~0");
    }

    /** Names are JSON pointers, which have / and ~ escaped. */
    @Test
    void namesFieldsWithTextThatCannotBeStored() throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post(
                        "/api/expertise-search",
                        "{\"query\":\"a\\u0000\",\"filters\":{\"city\":[\"a\",\"\\udc00\"]},\"a/~\":\"\\ud800\","
                                + "\"\\u0000\":1,\"good\":\"\\ud83d\\ude00\"}"),
                400);

        assertThat(problem.get("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("/query", "/filters/city/1", "/a~1~0", "/\uFFFD");
    }

    @Test
    void namesTheExpectedTypeWithoutSchemaJargon() throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post("/api/expertise-search", "{\"filters\":{\"country\":7}}"), 400);

        assertThat(problem.get("errors").findValuesAsText("detail")).containsExactly("integer found, array expected");
    }

    @Test
    void listsAtMostAHundredFaults() throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post("/api/exports", "{\"job_id\":\"a\",\"urls\":[7" + ",7".repeat(999) + "]}"), 400);

        assertThat(problem.get("errors")).hasSize(100);
        assertThat(problem.get("detail").textValue()).endsWith(", and at least 100 more");
    }

    @Test
    void namesAMissingField() throws IOException {
        JsonNode problem = EdgeApplication.problem(APPLICATION.post("/api/exports", "{\"urls\":[\"\"]}"), 400);

        assertThat(problem.get("errors").findValuesAsText("field")).containsExactlyInAnyOrder("/job_id", "/urls/0");
    }

    @Test
    void listsEveryFaultOfTheParameters() throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.get("/api/runs?state=gone&page=0&size=1&size=2&batch_id=x&sise=3&indexer=%FF"), 400);

        assertThat(problem.get("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("state", "page", "size", "batch_id", "sise", "indexer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/exports/a%20b",
                "/api/runs?batch_id=20261123T020000000Z%0A",
                "/api/exports/-",
                "/api/autosuggest?size=1e1",
                "/api/autosuggest?size=99999999999999999999",
                "/api/autosuggest?size=",
                "/api/autosuggest?size=%D9%A3",
                "/api/autosuggest?q=%00",
                "/api/autosuggest?q=%C3",
                "/api/autosuggest?q=%ED%A0%80",
                "/api/autosuggest?=",
                "/api/autosuggest?q=a&q=b",
            })
    void refusesInvalidParameterValue(String path) throws IOException {
        HttpResponse<String> answer = APPLICATION.send(
                HttpRequest.newBuilder(APPLICATION.uri(path)).header("X-API-Key", EdgeApplication.ALL.text()));

        assertThat(EdgeApplication.problem(answer, 400).get("errors")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"query\":\"a\",\"query\":\"b\"} | the body is not JSON, at line 1, column 21 (duplicate field name)",
                "{\"query\":                      | the body is not JSON, at line 1",
                "{} {}                            | the body is not JSON, at line 1",
                "nul                              | the body is not JSON, at line 1",
                "NaN                              | the body is not JSON, at line 1",
                "{\"query\":\"\\u0000\"}          | the body has text that cannot be stored",
                "{\"query\":\"\\ud800\"}          | the body has text that cannot be stored",
                "{\"\\udc00\":1}                  | the body has text that cannot be stored",
                "'  '                             | a body is required",
                "[]                               | array found, object expected",
                "null                             | null found, object expected",
                "{\"from\":1e999999999}           | /from",
                "{\"from\":111111111111111111111111111111111111111111111111111111111111} | the body is nested too deeply,"
                        + " or has a number that is too long",
            })
    void refusesInvalidJson(String body, String detail) throws IOException {
        JsonNode problem = EdgeApplication.problem(APPLICATION.post("/api/expertise-search", body), 400);

        assertThat(problem.get("detail").textValue()).contains(detail);
    }

    @Test
    void refusesDeepNestingAndInvalidUtf8() throws IOException {
        assertThat(EdgeApplication.problem(APPLICATION.post("/api/expertise-search", "[".repeat(10_000)), 400)
                        .get("detail")
                        .textValue())
                .startsWith("the body is nested too deeply");
        assertThat(EdgeApplication.problem(
                                APPLICATION.send(APPLICATION
                                        .request("/api/expertise-search")
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xC3, '"'}))),
                                400)
                        .get("detail")
                        .textValue())
                .isEqualTo("the body is not JSON: it is not UTF-8");
    }

    @Test
    void refusesBodyThatIsTooLargeWithAndWithoutContentLength() throws IOException {
        String large = "{\"query\":\"" + "x".repeat(200_000) + "\"}";

        EdgeApplication.problem(APPLICATION.post("/api/expertise-search", large), 413);
        EdgeApplication.problem(
                APPLICATION.send(APPLICATION
                        .request("/api/expertise-search")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(large)))),
                413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/problem+json",
                "nonsense",
            })
    void refusesUnsupportedContentType(String type) throws IOException {
        JsonNode problem = EdgeApplication.problem(
                APPLICATION.send(APPLICATION
                        .request("/api/expertise-search")
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString("{}"))),
                415);

        assertThat(problem.at("/errors/0/field").textValue()).isEqualTo("Content-Type");
    }

    @Test
    void refusesCompressedBodyAndBodyWithoutContentType() throws IOException {
        EdgeApplication.problem(
                APPLICATION.send(APPLICATION.request("/api/runs").POST(BodyPublishers.ofString("{}"))), 415);
        EdgeApplication.problem(
                APPLICATION.send(APPLICATION
                        .request("/api/runs")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString("{}"))),
                415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: gzip",
                "Content-Encoding: identity, gzip",
                "Content-Encoding: identity\r\nContent-Encoding: gzip",
                "Content-Encoding: x-gzip",
                "Content-Encoding: br",
            })
    void refusesCompressedBodyBeforeItIsRead(String encoding) throws IOException {
        // The body never arrives.
        String answer = APPLICATION.raw("POST /api/expertise-search HTTP/1.1\r\nHost: x\r\nX-API-Key: "
                + EdgeApplication.ALL.text() + "\r\nContent-Type: application/json\r\n" + encoding
                + "\r\nContent-Length: 50000\r\nExpect: 100-continue\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 415").contains("Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "chunked, gzip", "gzip", "deflate, chunked", "identity, chunked"})
    void refusesCompressedTransferEncoding(String encoding) throws IOException {
        String answer = APPLICATION.raw("POST /api/expertise-search HTTP/1.1\r\nHost: x\r\nX-API-Key: "
                + EdgeApplication.ALL.text() + "\r\nContent-Type: application/json\r\nTransfer-Encoding: " + encoding
                + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    /** The client gets its response, and then loses the connection. */
    @Test
    void doesNotReadRefusedHugeBody() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), APPLICATION.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST /api/expertise-search HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[64 * 1024];
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            out.write(block);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/expertise-search, POST",
        "PUT, /api/exports/job, 'DELETE, GET, HEAD'",
        "PATCH, /api/runs, 'GET, HEAD, POST'",
        "OPTIONS, /api/runs, 'GET, HEAD, POST'",
        "HEAD, /api/exports, POST",
    })
    void namesAllowedMethodsOfPath(String method, String path, String allowed) throws IOException {
        HttpResponse<String> answer =
                APPLICATION.send(APPLICATION.request(path).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/nothing",
                "/api/runs/",
                "/api/exports/job/result.csv/more",
                "/nothing",
                "/actuator/health",
                "/error",
                "/swagger-ui/nothing.js",
                "/API/runs",
            })
    void answers404ForUnknownPath(String path) throws IOException {
        EdgeApplication.problem(APPLICATION.get(path), 404);
    }

    /** Generated clients accept only the JSON of an operation: for a file, that of its problem documents. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/problem+json",
                "text/csv, application/x-ndjson, application/problem+json",
                "application/problem+json; charset=utf-8, text/html"
            })
    void sendsFilesToClientsThatAcceptOnlyProblems(String accept) throws IOException {
        for (String path : List.of("/api/exports/job/result.csv", "/api/runs/20261123T020000000Z-patents/errors.csv")) {
            assertThat(APPLICATION
                            .send(APPLICATION.request(path).header("Accept", accept))
                            .statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesAcceptWithoutTypeOfOperation() throws IOException {
        EdgeApplication.problem(
                APPLICATION.send(APPLICATION.request("/api/runs").header("Accept", "text/html, image/*")), 406);
        EdgeApplication.problem(
                APPLICATION.send(APPLICATION.request("/api/runs").header("Accept", "nonsense")), 400);
        for (String accept : List.of("application/json", "application/*;q=0.5", "text/html, */*;q=0.1", "*/*")) {
            assertThat(APPLICATION
                            .send(APPLICATION.request("/api/runs").header("Accept", accept))
                            .statusCode())
                    .as(accept)
                    .isEqualTo(200);
        }
    }
}
