package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;

/** Requests that violate HTTP. */
@Isolated("lets the JVM log all it can")
class MalformedRequestTest {
    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.echo();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/<script>alert(1)</script> HTTP/1.1\r\nHost: x\r\n",
                "GET /api/%00 HTTP/1.1\r\nHost: x\r\n",
                "GET /api/exports/a%0A HTTP/1.1\r\nHost: x\r\n",
                "GET /api/exports/%FF HTTP/1.1\r\nHost: x\r\n",
                "GET /api/%zz HTTP/1.1\r\nHost: x\r\n",
                "GET /api/autosuggest?q=% HTTP/1.1\r\nHost: x\r\n",
                "GET /api/autosuggest?q=\" HTTP/1.1\r\nHost: x\r\n",
                "GET /api//runs HTTP/1.1\r\nHost: x\r\n",
                "GET /api/../runs;x=y HTTP/1.1\r\nHost: x\r\n",
                "GET /api/exports/a%2Fb HTTP/1.1\r\nHost: x\r\n",
                "GET /api/exports/..%5c HTTP/1.1\r\nHost: x\r\n",
                "GET /api/runs HTTP/1.1\r\n",
                "GET /api/runs HTTP/9.9\r\nHost: x\r\n",
                "GET /api/runs HTTP/1.1\r\nHost: x y\r\n",
                "GET /api/runs HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n",
                "GET /api/runs HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n",
                "G\u0001T /api/runs HTTP/1.1\r\nHost: x\r\n",
                "TRACE /api/runs HTTP/1.1\r\nHost: x\r\n",
                "FOO /api/runs HTTP/1.1\r\nHost: x\r\n",
                "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n",
                "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
                "POST /api/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n",
                "nonsense\r\n",
            })
    void refusesMalformedRequestWithoutRevealingInternals(String start) throws IOException {
        String answer =
                APPLICATION.raw(start + "X-API-Key: " + EdgeApplication.ALL.text() + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
        assertThat(answer).doesNotContain("Exception", "\tat ", "Tomcat", "<script>", "org.", "html");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).matches("(?s)|[0-9a-f]*\\s*\\{\"type\":\"about:blank\".*");
    }

    /** Even at level TRACE. */
    @Test
    void neverLogsKeyOfAMalformedRequest(CapturedOutput log) throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level level = root.getLevel();
        String key = EdgeApplication.ALL.text();
        try {
            root.setLevel(Level.TRACE);
            for (String header : List.of(
                    "X-API-Key " + key,
                    "X-API-Key\t: " + key,
                    "X API-Key: " + key,
                    "X-API-Key: " + key + "\u0000",
                    "X-API-Key: " + key + "\u0085",
                    "X-API-Key: \r" + key,
                    " X-API-Key: " + key,
                    "X-API-Key" + key,
                    "Cookie: a=\"" + key,
                    "Cookie: $Version=9; key=" + key,
                    "Host: " + key + "@",
                    "Content-Length: " + key,
                    "Transfer-Encoding: " + key,
                    "X-API-Key: " + key + "x".repeat(10_000))) {
                for (String path : List.of("/api/runs", "/")) {
                    APPLICATION.raw(
                            "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\nConnection: close\r\n\r\n");
                }
            }
            // A valid request, and one with an invalid key.
            APPLICATION.get("/api/runs");
            APPLICATION.send(
                    HttpRequest.newBuilder(APPLICATION.uri("/api/runs")).header("X-API-Key", key + "x"));
        } finally {
            root.setLevel(level);
        }

        assertThat(log.getOut()).doesNotContain(key, key.substring(key.indexOf('.') + 1));
    }

    @Test
    void refusesTruncatedBodyAndInvalidChunks() throws IOException {
        String start = "POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-API-Key: "
                + EdgeApplication.ALL.text() + "\r\n";

        for (String end : List.of(
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
                "Content-Length: 100\r\n\r\n{}")) {
            assertThat(APPLICATION.raw(start + end))
                    .as(end)
                    .matches("(?s)|HTTP/1\\.1 4\\d\\d .*")
                    .doesNotContain("Exception", "Tomcat", "html");
        }
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws IOException {
        assertThat(APPLICATION.raw("GET /api/runs HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("Exception", "Tomcat");
    }
}
