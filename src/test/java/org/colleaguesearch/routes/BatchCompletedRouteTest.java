package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;
import org.springframework.boot.test.system.CapturedOutput;

class BatchCompletedRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("batch-completed", "sweep", "index-chunk")
            .withTestRoute("index-sample")
            .withTestRoute("index-other");

    @Test
    void logsOneSummaryLineForEachRun(CapturedOutput log) throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada", "bob");
        Runs runs = APPLICATION.bean(Runs.class);
        Run other = runs.start(batch, "other");
        Run sample = runs.start(batch, "sample");
        runs.end(other);
        runs.fail(sample, new IOException("disk full"));

        Exchange ended = complete(batch);

        assertThat(ended.getException()).isNull();
        assertThat(MDC.get("run")).isNull();
        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains(" batch-completed "))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains(" [" + batch.id() + " other] ")
                                .contains("run other completed: people 2, URLs 0, documents 0, rows 0, errors 0, "),
                        line -> assertThat(line)
                                .contains(" [" + batch.id() + " sample] ")
                                .contains("run sample paused: people 2, ")
                                .contains("(IOException: disk full; resumes at the next start or trigger)"));
    }

    /** However often its batch is continued. */
    @Test
    void logsAndTimesARunOnceWhenItHasEnded(CapturedOutput log) throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada", "bob");
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(batch, "other"));
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));
        long completed = completedRuns("other");
        complete(batch);
        assertThat(completedRuns("other")).isEqualTo(completed + 1);

        Batch again = APPLICATION
                .camel()
                .resolveLanguage("bean")
                .createExpression("unfinished?method=resume")
                .evaluate(new DefaultExchange(APPLICATION.camel()), Batch[].class)[0];
        runs.end(runs.start(again, "sample"));
        long before = completedRuns("sample");
        complete(again);

        assertThat(again.id()).isEqualTo(batch.id());
        assertThat(completedRuns("other")).isEqualTo(completed + 1);
        assertThat(completedRuns("sample")).isEqualTo(before + 1);
        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains(" batch-completed ") && line.contains(batch.id()))
                .satisfiesExactly(
                        line -> assertThat(line).contains("run other completed: "),
                        line -> assertThat(line).contains("run sample paused: "),
                        line -> assertThat(line).contains("run sample completed: "));
        assertThat(APPLICATION
                        .bean(Ledger.class)
                        .batch(batch.id())
                        .orElseThrow()
                        .state())
                .isEqualTo(State.COMPLETED);
    }

    private static long completedRuns(String indexer) {
        return APPLICATION
                .bean(MeterRegistry.class)
                .timer("colleagues.run.duration", "indexer", indexer, "state", "completed")
                .count();
    }

    @Test
    void indexersMayRunAgainAndWhatIsDoneIsForgotten() throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada");
        assertThat(APPLICATION.bean(Batches.class).open("test").runs()).isEmpty();
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(batch, "other"));
        runs.end(runs.start(batch, "sample"));

        complete(batch);

        assertThat(batch.people().read(0, 10)).isEmpty();

        Batch next = APPLICATION.bean(Batches.class).open("test");
        assertThat(next.runs()).extracting(Run::indexer).containsExactly("other", "sample");
        complete(next);
    }

    /** Until the ledger has it as completed, a run may have to be joined again. */
    @Test
    void removesThePartsOfRunsThatAreCompletedOnly() throws IOException {
        Batch batch = Sample.batch(APPLICATION, "ada");
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(batch, "other"));
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));
        for (String indexer : List.of("other", "sample")) {
            Files.createDirectories(parts(indexer, batch));
            Files.createFile(parts(indexer, batch).resolve("000000001.csv"));
        }

        complete(batch);

        assertThat(parts("other", batch)).doesNotExist();
        assertThat(parts("sample", batch)).isNotEmptyDirectory();
        Ledger ledger = APPLICATION.bean(Ledger.class);
        assertThat(ledger.batch(batch.id()).orElseThrow().state()).isEqualTo(State.PAUSED);
        assertThat(ledger.runs(batch.id())).extracting(RunEntry::state).containsExactly(State.COMPLETED, State.PAUSED);
    }

    private static Path parts(String indexer, Batch batch) {
        return APPLICATION.csv().resolve(indexer).resolve(batch.id() + ".parts");
    }

    @Test
    void closesBatchThatFailedBeforeItsRuns() throws IOException {
        Batches batches = APPLICATION.bean(Batches.class);
        Batch batch = batches.open("test");
        batches.fail(batch, new IOException("no list"));

        Exchange ended = complete(batch);

        assertThat(ended.getException()).isNull();
        Batch next = batches.open("test");
        assertThat(next.runs()).hasSize(2);
        complete(next);
    }

    /** A retry of them puts its rows into these. */
    @Test
    void keepsThePartsAndThePeopleOfRunsWithFailedUrls(CapturedOutput log) throws IOException {
        Batch batch = Ended.batch(APPLICATION, Sample.fetched("ada", "[]"), Sample.failed("bob", "gone"));
        Files.createDirectories(parts("sample", batch));
        Files.createDirectories(parts("other", batch));

        complete(batch);

        assertThat(batch.state()).isEqualTo(State.COMPLETED);
        assertThat(parts("sample", batch)).exists();
        assertThat(parts("other", batch)).doesNotExist();
        assertThat(batch.people().read(0, 10)).hasSize(2);
        assertThat(log.getOut().lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("run sample: 1 of 2 URLs failed, 1 of them with: gone; for example ")
                .contains("sample/" + batch.id() + ".errors.csv");
    }

    /** With {@code mock:sweep} in place of the sweep. */
    private static RouteApplication indexingTo(LocalServer openSearch) {
        return RouteApplication.of("batch-completed", "index-chunk")
                .withTestRoute("index-sample")
                .with("colleagues.deliver-to", "opensearch,csv")
                .with("colleagues.opensearch.url", openSearch.url())
                .with(
                        "batch-completed",
                        route -> route.weaveById("sweep-index").replace().to("mock:sweep"));
    }

    @Test
    void sweepsTheIndexBeforeOthersMayRunTheIndexers() throws Exception {
        try (LocalServer openSearch = new LocalServer(request -> LocalServer.Answer.status(200));
                RouteApplication indexing = indexingTo(openSearch).start()) {
            Batch batch = Ended.batch(indexing, "ada");
            MockEndpoint sweep = indexing.mock("sweep");
            sweep.expectedVariableReceived("batch", batch);
            sweep.whenAnyExchangeReceived(exchange -> {
                assertThat(indexing.bean(Batches.class).open("test").runs()).isEmpty();
                assertThat(batch.people().read(0, 10)).hasSize(1);
            });

            Exchange ended = indexing.send("batch-completed", exchange -> exchange.setVariable("batch", batch));

            assertThat(ended.getException()).isNull();
            sweep.assertIsSatisfied();
            assertThat(indexing.bean(Batches.class).open("test").runs()).hasSize(1);
        }
    }

    @Test
    void closesBatchWhateverFailsAfterItsRuns() throws Exception {
        try (LocalServer openSearch = new LocalServer(request -> LocalServer.Answer.status(200));
                RouteApplication indexing = indexingTo(openSearch).start()) {
            Batch batch = Ended.batch(indexing, "ada");
            indexing.mock("sweep").whenAnyExchangeReceived(exchange -> {
                throw new IllegalStateException("the ledger cannot be read");
            });

            Exchange ended = indexing.send("batch-completed", exchange -> exchange.setVariable("batch", batch));

            assertThat(ended.getException()).isNull();
            assertThat(indexing.bean(Ledger.class).batch(batch.id()).map(BatchEntry::state))
                    .contains(State.COMPLETED);
            assertThat(indexing.bean(Batches.class).open("test").runs()).hasSize(1);
        }
    }

    @Test
    void forgetsBatchesThatEndedLongAgoButKeepsTheirFiles() throws IOException {
        Ledger ledger = APPLICATION.bean(Ledger.class);
        for (int days : List.of(31, 29)) {
            Instant then = Instant.now().minus(Duration.ofDays(days));
            ledger.open("ended-" + days, "test", then, List.of("sample"), 100, false, null);
            ledger.open("paused-" + days, "test", then, List.of("other"), 100, false, null);
            ledger.endBatch("ended-" + days, State.COMPLETED, null, then);
            ledger.endBatch("paused-" + days, State.PAUSED, null, then);
            Path parts = APPLICATION.csv().resolve("sample/ended-" + days + ".parts");
            Files.createDirectories(parts);
            Files.createFile(parts.resolve("000000001.csv"));
            Files.createFile(APPLICATION.csv().resolve("sample/ended-" + days + ".csv"));
        }

        complete(Ended.batch(APPLICATION, "ada"));

        assertThat(ledger.batch("ended-31")).isEmpty();
        assertThat(ledger.batch("ended-29")).isPresent();
        assertThat(APPLICATION.csv().resolve("sample/ended-31.parts")).doesNotExist();
        assertThat(APPLICATION.csv().resolve("sample/ended-29.parts")).isNotEmptyDirectory();
        assertThat(APPLICATION.csv().resolve("sample/ended-31.csv")).exists();
        assertThat(APPLICATION.csv().resolve("sample/ended-29.csv")).exists();
    }

    @Test
    void forgetsExportsThatEndedLongAgoWithTheirFiles() throws IOException {
        ExportLedger exports = APPLICATION.bean(ExportLedger.class);
        for (int days : List.of(31, 29)) {
            String id = "export-" + days;
            Instant then = Instant.now().minus(Duration.ofDays(days));
            exports.accept(id, then, "key", id, "digest", null, List.of("http://a"), 100);
            APPLICATION.bean(Ledger.class).endBatch(id, State.COMPLETED, null, then);
            Files.createDirectories(APPLICATION.exports().resolve(id));
            Files.createFile(APPLICATION.exports().resolve(id).resolve("result.csv"));
        }

        complete(Ended.batch(APPLICATION, "ada"));

        assertThat(exports.find("key", "export-31")).isEmpty();
        assertThat(exports.find("key", "export-29")).isPresent();
        assertThat(APPLICATION.exports().resolve("export-31")).doesNotExist();
        assertThat(APPLICATION.exports().resolve("export-29/result.csv")).exists();
    }

    private static Exchange complete(Batch batch) {
        return APPLICATION.send("batch-completed", exchange -> exchange.setVariable("batch", batch));
    }
}
