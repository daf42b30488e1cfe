package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.web.EdgeApplication.problem;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Settings.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Authentication, authorization and the audit log. */
class AccessTest {
    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.echo();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/autosuggest?q=x",
                "/api/autosuggest?q=x&nonsense=1",
                "/%61pi/autosuggest?q=x",
                "/api/runs",
                "/api/exports/job",
                "/api/nothing",
                "/api",
            })
    void refusesRequestWithoutKey(String path) throws IOException {
        HttpResponse<String> answer = APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri(path)));

        assertThat(problem(answer, 401).at("/errors/0/field").textValue()).isEqualTo("X-API-Key");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("ApiKey header=\"X-API-Key\"");
    }

    @Test
    void refusesRequestWithWrongKey() throws IOException {
        String good = EdgeApplication.ALL.text();
        for (String wrong : new String[] {
            "",
            ".",
            "all",
            "all.",
            good.substring(0, good.length() - 1),
            good + "A",
            good.replace("all.", "ALL."),
            good.replace("all.", "searcher."),
            good.replace("all.", "nobody."),
            good.substring(4),
            EdgeApplication.ALL.kept().hash().toString(),
            "all." + EdgeApplication.ALL.kept().hash(),
            good.replace("all.", "all.all."),
        }) {
            HttpResponse<String> answer = APPLICATION.send(
                    HttpRequest.newBuilder(APPLICATION.uri("/api/indexers")).header("X-API-Key", wrong));
            assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
        }
    }

    static Iterable<Operation> operations() {
        return new ApiContract(List::of).operations();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void keyAllowsOnlyOperationsOfItsScope(Operation operation) throws IOException {
        String path = operation
                .path()
                .getPatternString()
                .replace("{job_id}", "job")
                .replace("{file}", "result.csv")
                .replace("{run_id}", "20261123T020000000Z-patents")
                .replace("{indexer}", "patents");
        HttpResponse<String> answer = APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri(path))
                .header("X-API-Key", EdgeApplication.SEARCHER.text())
                .header("Content-Type", "application/json")
                .method(operation.method(), BodyPublishers.ofString("{}")));

        if (operation.scope() == Scope.SEARCH) {
            assertThat(answer.statusCode()).isEqualTo(200);
        } else {
            assertThat(problem(answer, 403).get("detail").textValue())
                    .contains("lacks the scope " + operation.scope(), operation.id());
        }
    }

    @Test
    void healthNeedsNoKeyAndIsNotOnTheApiPort() throws IOException {
        URI health = URI.create("http://127.0.0.1:" + APPLICATION.managementPort() + "/actuator/health/liveness");

        assertThat(APPLICATION.send(HttpRequest.newBuilder(health)).statusCode())
                .isEqualTo(200);
        problem(APPLICATION.get("/actuator/health/liveness"), 404);
        assertThat(APPLICATION
                        .send(HttpRequest.newBuilder(health.resolve("/api/autosuggest"))
                                .header("X-API-Key", EdgeApplication.ALL.text()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(APPLICATION
                        .send(HttpRequest.newBuilder(health.resolve("/api/autosuggest")))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void sendsNoCorsHeaders() throws IOException {
        HttpResponse<String> answer = APPLICATION.send(APPLICATION
                .request("/api/runs")
                .header("Origin", "https://evil.test")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    void logsWhoStartedExportedAndCancelledWhat(CapturedOutput log) throws IOException {
        APPLICATION.post("/api/exports", "{\"job_id\":\"audited-1\",\"urls\":[\"http://secret.test\"]}");
        APPLICATION.send(APPLICATION.request("/api/exports/audited-2").DELETE());
        APPLICATION.post("/api/runs", "{}");
        APPLICATION.post("/api/runs", "{\"nonsense\":1}");

        await().until(() ->
                audited(log).filter(line -> line.contains("start-runs")).count() == 2);
        assertThat(audited(log).filter(line -> line.contains("audited-1")))
                .singleElement()
                .asString()
                .endsWith("create-export: key=all address=127.0.0.1 path=/api/exports job_id=audited-1"
                        + " location=/api/there status=200");
        assertThat(audited(log).filter(line -> line.contains("audited-2")))
                .singleElement()
                .asString()
                .contains("cancel-export: key=all address=127.0.0.1 path=/api/exports/audited-2 ")
                .endsWith(" status=200");
        assertThat(audited(log)
                        .filter(line -> line.contains("start-runs"))
                        .toList()
                        .get(1))
                .endsWith("start-runs: key=all address=127.0.0.1 path=/api/runs status=400");
        assertThat(log.getOut()).doesNotContain("secret.test", EdgeApplication.ALL.text());
    }

    @Test
    void doesNotLogSearchesAndReads(CapturedOutput log) throws IOException {
        APPLICATION.get("/api/autosuggest?q=personal");
        APPLICATION.post("/api/expertise-search", "{\"query\":\"personal\"}");
        APPLICATION.get("/api/exports/looked-at");
        APPLICATION.send(APPLICATION.request("/api/exports/last").DELETE());

        await().until(() -> audited(log).anyMatch(line -> line.contains("last")));
        assertThat(log.getOut()).doesNotContain("personal", "looked-at");
    }

    @Test
    void logsRefusalsWithoutKeyAndAtLimitedRate(CapturedOutput log) throws IOException {
        for (int i = 0; i < 100; i++) {
            APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri("/api/runs?q=hidden"))
                    .header("X-API-Key", "someone.wrongsecret"));
        }

        await().until(() -> audited(log).anyMatch(line -> line.contains("refused")));
        assertThat(audited(log).filter(line -> line.contains("refused")).toList())
                .hasSizeLessThan(50)
                .allMatch(line ->
                        line.matches(".* refused: address=127\\.0\\.0\\.1 path=/api/runs status=401 suppressed=\\d+"));
        assertThat(log.getOut()).doesNotContain("wrongsecret", "hidden");
    }

    @Test
    void logsRequestsThatTheFirewallRejects(CapturedOutput log) {
        String end =
                " HTTP/1.1\r\nHost: x\r\nX-API-Key: " + EdgeApplication.ALL.text() + "\r\nConnection: close\r\n\r\n";
        for (String start : new String[] {
            "GET /api//audited-1",
            "GET /api/audited-6/..%5c",
            "GET /api/audited-2;x=y",
            "GET /audited-3//x",
            "FOO /api/audited-4",
        }) {
            assertRefusalIsNoted(start + end, start.replaceAll(".*(audited-\\d).*", "$1"), log);
        }
        // Rejected only when its header is read.
        assertRefusalIsNoted("GET /api/audited-5" + end.replace("X-API-Key: ", "X-API-Key: \u0085"), "audited-5", log);

        assertThat(audited(log).filter(line -> line.contains("audited-")))
                .allMatch(line -> line.matches(
                        ".* refused: address=127\\.0\\.0\\.1 path=\\S*audited-\\S* status=400 suppressed=\\d+"));
    }

    /** Retries, because only ten a second are logged and other tests may have used them up. */
    private static void assertRefusalIsNoted(String request, String path, CapturedOutput log) {
        await().untilAsserted(() -> {
            assertThat(APPLICATION.raw(request)).startsWith("HTTP/1.1 400");
            assertThat(audited(log)).anyMatch(line -> line.contains(path));
        });
    }

    private static Stream<String> audited(CapturedOutput log) {
        return log.getOut().lines().filter(line -> line.contains(" audit "));
    }
}
