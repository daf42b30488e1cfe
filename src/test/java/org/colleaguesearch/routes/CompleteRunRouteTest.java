package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.jdbc.core.simple.JdbcClient;

class CompleteRunRouteTest {
    private static final String HEADER = "person_id,title,year\r\n";
    private static final String ERRORS_HEADER = "person_id,url,reason,status,attempts\r\n";
    private static final LocalServer OPENSEARCH = new LocalServer(request -> LocalServer.Answer.status(200));

    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    private Batch batch;
    private Run run;

    @BeforeEach
    void startRun() throws IOException {
        batch = Sample.batch(APPLICATION, "ada");
        run = APPLICATION.bean(Runs.class).start(batch, "sample");
    }

    @AfterEach
    void close() throws IOException {
        APPLICATION.bean(Batches.class).close(batch);
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void joinsPartsInOrderOfTheirNumbers() throws IOException {
        // Written in another order than that of their numbers.
        part(APPLICATION, batch, "000000010.csv", "j,J,10\r\n");
        part(APPLICATION, batch, "000000002.csv", "b,\"B\nb\",2\r\n");
        part(APPLICATION, batch, "000000001.csv", "zoë,😀,1\r\n");

        Exchange completed = complete(APPLICATION, run);

        assertThat(completed.getException()).isNull();
        assertThat(file(APPLICATION, batch, ".csv")).isEqualTo(HEADER + "zoë,😀,1\r\nb,\"B\nb\",2\r\nj,J,10\r\n");
        assertThat(file(APPLICATION, batch, ".errors.csv")).isEqualTo(ERRORS_HEADER);
        // Until the batch is closed, it may have to be joined again.
        assertThat(folder(APPLICATION).resolve(batch.id() + ".parts")).exists();
        assertThat(run.state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void errorsComeFromTheLedger() throws IOException {
        Chunk chunk = new Chunk(batch.id(), "sample", 1, List.of(Sample.person("ada")));
        APPLICATION.bean(Runs.class).begin(chunk);
        APPLICATION
                .bean(Runs.class)
                .checkpoint(new ChunkOutcomes(chunk, List.of(Sample.failed("ada", "gone"))), KeptSections.NONE);

        complete(APPLICATION, run);

        assertThat(file(APPLICATION, batch, ".errors.csv"))
                .isEqualTo(ERRORS_HEADER + "ada,http://people.test/people/ada/sample,gone,404,1\r\n");
        assertThat(file(APPLICATION, batch, ".csv")).isEqualTo(HEADER);
    }

    @Test
    void runOverNobodyLeavesHeaders() throws IOException {
        complete(APPLICATION, run);

        assertThat(file(APPLICATION, batch, ".csv")).isEqualTo(HEADER);
        assertThat(file(APPLICATION, batch, ".errors.csv")).isEqualTo(ERRORS_HEADER);
        assertThat(run.state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void leavesOutFilesThatAreNoParts() throws IOException {
        part(APPLICATION, batch, "000000001.csv", "a,A,1\r\n");
        part(APPLICATION, batch, "000000002.csv.inprogress", "torn");
        part(APPLICATION, batch, "notes.csv", "notes");

        complete(APPLICATION, run);

        assertThat(file(APPLICATION, batch, ".csv")).isEqualTo(HEADER + "a,A,1\r\n");
    }

    @Test
    void runThatCannotBeJoinedIsNotEnded() throws IOException {
        part(APPLICATION, batch, "000000001.csv", "a,A,1\r\n");
        // A folder that is not empty stands where the file is to be.
        Files.createDirectories(folder(APPLICATION).resolve(batch.id() + ".csv/x"));

        Exchange completed = complete(APPLICATION, run);

        assertThat(completed.getException()).isInstanceOf(IOException.class);
        assertThat(folder(APPLICATION).resolve(batch.id() + ".parts/000000001.csv"))
                .exists();
        assertThat(run.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void pausedRunIsNotJoined() throws IOException {
        part(APPLICATION, batch, "000000001.csv", "a,A,1\r\n");
        APPLICATION.bean(Runs.class).fail(run, new IOException("disk full"));

        complete(APPLICATION, run);

        assertThat(folder(APPLICATION).resolve(batch.id() + ".csv")).doesNotExist();
        assertThat(folder(APPLICATION).resolve(batch.id() + ".parts/000000001.csv"))
                .exists();
        assertThat(run.state()).isEqualTo(State.PAUSED);
    }

    @Test
    void runThatIsStoppingIsNotJoined() throws IOException {
        try (RouteApplication stopping = application().start()) {
            Batch stopped = Sample.batch(stopping, "ada");
            Run started = stopping.bean(Runs.class).start(stopped, "sample");
            part(stopping, stopped, "000000001.csv", "a,A,1\r\n");
            stopping.spring().publishEvent(new ContextClosedEvent(stopping.spring()));

            Exchange completed = complete(stopping, started);

            assertThat(completed.getException()).isNull();
            assertThat(folder(stopping).resolve(stopped.id() + ".csv")).doesNotExist();
            assertThat(folder(stopping).resolve(stopped.id() + ".parts/000000001.csv"))
                    .exists();
            assertThat(started.state()).isEqualTo(State.PAUSED);
            assertThat(stopped.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void crashAfterTheJoinAndBeforeTheLedgerKnowsChangesNothing() throws IOException {
        try (RouteApplication crashed = RouteApplication.of(
                        "resume", "run-batch", "run-indexer", "index-chunk", "complete-run", "batch-completed", "sweep")
                .withTestRoute("index-sample")
                .start()) {
            Batch cutOff = Sample.batch(crashed, "ada");
            Run started = crashed.bean(Runs.class).start(cutOff, "sample");
            Chunk chunk = new Chunk(cutOff.id(), "sample", 1, List.of(Sample.person("ada")));
            crashed.bean(Runs.class).begin(chunk);
            part(crashed, cutOff, "000000001.csv", "ada,A,1\r\n");
            crashed.bean(Runs.class)
                    .checkpoint(
                            new ChunkOutcomes(chunk, List.of(Sample.fetched("ada", "[{\"title\":\"A\"}]"))),
                            KeptSections.NONE);
            complete(crashed, started);
            // As the ledger was just before.
            crashed.bean(JdbcClient.class)
                    .sql("update run set state = 'running' where indexer = 'sample'")
                    .update();

            Exchange resumed = crashed.restart().send("resume", "test");

            assertThat(resumed.getException()).isNull();
            assertThat(file(crashed, cutOff, ".csv")).isEqualTo(HEADER + "ada,A,1\r\n");
            assertThat(file(crashed, cutOff, ".errors.csv")).isEqualTo(ERRORS_HEADER);
            assertThat(folder(crashed).resolve(cutOff.id() + ".parts")).doesNotExist();
            assertThat(crashed.bean(Ledger.class)
                            .batch(cutOff.id())
                            .orElseThrow()
                            .state())
                    .isEqualTo(State.COMPLETED);
        }
    }

    @Test
    void writesNoFilesWhenNothingGoesToCsv() throws IOException {
        try (RouteApplication index = application()
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .start()) {
            Run started = index.bean(Runs.class).start(Sample.batch(index, "ada"), "sample");

            complete(index, started);

            assertThat(index.csv()).doesNotExist();
            assertThat(started.state()).isEqualTo(State.COMPLETED);
        }
    }

    private static RouteApplication application() {
        return RouteApplication.of("complete-run", "index-chunk").withTestRoute("index-sample");
    }

    private static Exchange complete(RouteApplication application, Run run) {
        return application.send("complete-run", exchange -> {
            exchange.setVariable("run", run);
            exchange.getMessage().setBody(run);
        });
    }

    private static Path folder(RouteApplication application) {
        return application.csv().resolve("sample");
    }

    /** A part; if its name has a number, the chunk is done. */
    private static void part(RouteApplication application, Batch batch, String name, String content)
            throws IOException {
        if (name.matches("\\d+\\.csv")) {
            Chunk chunk = new Chunk(batch.id(), "sample", Integer.parseInt(name.substring(0, 9)), List.of());
            application.bean(ChunkLedger.class).begin(chunk);
            application.bean(ChunkLedger.class).end(new ChunkOutcomes(chunk, List.of()), Counts.NONE, Instant.now());
        }
        Path parts = Files.createDirectories(folder(application).resolve(batch.id() + ".parts"));
        Files.writeString(parts.resolve(name), content);
    }

    private static String file(RouteApplication application, Batch batch, String suffix) throws IOException {
        return Files.readString(folder(application).resolve(batch.id() + suffix));
    }
}
