package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.FileSystemUtils;

/** What the configurations of errors.camel.yaml make of a failure, through all the routes it passes. */
class ErrorsRouteTest {
    private static volatile Processor api;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of(
                    "index-all",
                    "resume",
                    "run-batch",
                    "run-indexer",
                    "index-chunk",
                    "fetch-section",
                    "list-people",
                    "read-people",
                    "read-people-pages",
                    "fetch-list-page",
                    "fetch-url",
                    "deliver-chunk",
                    "deliver-csv",
                    "complete-run",
                    "batch-completed",
                    "sweep")
            .withTestRoute("index-sample")
            .withTestRoute("index-other")
            .with("colleagues.indexing.batch-size", 1)
            .with("colleagues.apis.default.retry.attempts", 3)
            .with("colleagues.apis.default.retry.first-delay", "1ms")
            .with(
                    "fetch-url",
                    route -> route.weaveById("call-url").replace().process(exchange -> api.process(exchange)));

    @BeforeEach
    void answer() {
        api = ErrorsRouteTest::answerAll;
    }

    @Test
    void nothingFailsAndNothingIsLogged(CapturedOutput log) throws IOException {
        Batch batch = index();

        assertThat(batch.exitCode()).isZero();
        assertThat(csv("sample", batch, ".csv")).isEqualTo("person_id,title,year\r\nada,T,\r\nbob,T,\r\n");
        assertThat(log).doesNotContain("ERROR", "WARN");
    }

    @Test
    void failedUrlIsOneErrorRowAndOneWarningWithoutStackTrace(CapturedOutput log) throws IOException {
        api = exchange -> {
            if (url(exchange).endsWith("/ada/sample")) {
                throw Sample.status(500, null);
            }
            answerAll(exchange);
        };

        Batch batch = index();

        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(csv("sample", batch, ".csv")).isEqualTo("person_id,title,year\r\nbob,T,\r\n");
        assertThat(csv("sample", batch, ".errors.csv")).isEqualTo("""
                        person_id,url,reason,status,attempts\r
                        ada,http://people.test/people/ada/sample,HTTP 500 Internal Server Error,500,3\r
                        """);
        assertThat(csv("other", batch, ".errors.csv")).isEqualTo("person_id,url,reason,status,attempts\r\n");
        assertThat(log)
                .containsOnlyOnce("WARN")
                .contains("run sample: 1 of 2 URLs failed, 1 of them with: HTTP 500 Internal Server Error;")
                .doesNotContain("ERROR", "Exception");
    }

    @Test
    void partThatCannotBeWrittenPausesItsRunAndNoOther() throws IOException {
        Files.createDirectories(APPLICATION.csv());
        FileSystemUtils.deleteRecursively(APPLICATION.csv().resolve("sample"));
        Files.createFile(APPLICATION.csv().resolve("sample"));

        Batch batch = index();

        Files.delete(APPLICATION.csv().resolve("sample"));
        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.runs())
                .extracting(Run::indexer, Run::state)
                .containsExactly(tuple("other", State.COMPLETED), tuple("sample", State.PAUSED));
        assertThat(csv("other", batch, ".csv")).isEqualTo("person_id,title,year\r\nada,T,\r\nbob,T,\r\n");
        // The next trigger does what is left of it before a batch of its own.
        assertThat(index().exitCode()).isZero();
        assertThat(csv("sample", batch, ".csv")).isEqualTo("person_id,title,year\r\nada,T,\r\nbob,T,\r\n");
    }

    @Test
    void listThatCannotBeReadFailsTheBatchOnce(CapturedOutput log) {
        api = exchange -> {
            throw Sample.status(503, null);
        };

        Batch batch = index();

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.runs()).extracting(Run::state).containsOnly(State.NOT_STARTED);
        assertThat(log).containsOnlyOnce("HTTP 503 Service Unavailable");
        api = ErrorsRouteTest::answerAll;
        assertThat(index().exitCode()).isZero();
    }

    private static Batch index() {
        Exchange ended = APPLICATION.send("index-all", "test");
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(Batch.class);
    }

    private static String url(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }

    private static void answerAll(Exchange exchange) {
        exchange.getMessage()
                .setBody(
                        url(exchange).contains("?")
                                ? Sample.page(null, "ada", "bob")
                                : Sample.json("{\"sample\":[{\"title\":\"T\"}],\"other\":[{\"title\":\"T\"}]}"));
    }

    private static String csv(String indexer, Batch batch, String suffix) throws IOException {
        return Files.readString(APPLICATION.csv().resolve(indexer).resolve(batch.id() + suffix));
    }
}
