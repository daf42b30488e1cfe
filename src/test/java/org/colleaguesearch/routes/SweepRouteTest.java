package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.routes.LocalServer.Answer;
import org.colleaguesearch.routes.LocalServer.Request;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Refused when more than two people and more than half of the index would go. */
class SweepRouteTest {
    private static final LocalServer OPENSEARCH = new LocalServer(request -> answer(request));

    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    /** The ids in the index, in order. */
    private static volatile List<String> indexed = List.of();

    /** The status that OpenSearch gives each removed document. */
    private static volatile Function<String, Integer> removal = id -> 200;

    private static volatile Runnable whileSearching = () -> {};

    private static volatile int page;

    /** Whether each page of a search is the first one. */
    private static volatile boolean hanging;

    private static volatile int failedShards;

    /** How many documents OpenSearch has and does not return. */
    private static volatile int missing;

    private Batch batch;

    @BeforeEach
    void startAnew() {
        whileSearching = () -> {};
        OPENSEARCH.requests().clear();
        removal = id -> 200;
        hanging = false;
        failedShards = 0;
        missing = 0;
    }

    @AfterEach
    void forgetAll() {
        if (batch != null) {
            APPLICATION.bean(Batches.class).close(batch);
        }
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @AfterAll
    static void stop() {
        OPENSEARCH.close();
    }

    @Test
    void removesThoseWhoAreNotInTheListOfPeople(CapturedOutput log) {
        indexed = List.of("ada", "bob", "c/\"é", "dee", "eve");
        batch = Ended.batch(APPLICATION, "eve", "ada", "bob");

        sweep();

        assertThat(removed()).containsExactly("c/\"é", "dee");
        assertThat(log)
                .contains("sweep: 2 of 5 people in the index are no longer active: c/\"é, dee;"
                        + " removed their documents");
    }

    @Test
    void holdsWhenMoreThanTheShareAndTheNumberWouldGo(CapturedOutput log) {
        indexed = List.of("ada", "bob", "cy", "dee", "eve");
        batch = Ended.batch(APPLICATION, "ada", "bob");

        sweep();

        assertThat(removed()).isEmpty();
        assertThat(log)
                .contains("ERROR Sweep ")
                .contains(
                        "sweep held: 3 of 5 people in the index are no longer active: cy, dee, eve; ",
                        batch.id() + "-people");
        assertThat(APPLICATION.bean(HeldLedger.class).people(batch.id(), -1, 10))
                .isEqualTo(new TreeMap<>(Map.of(0, "cy", 1, "dee", 2, "eve")));
        assertThat(batch.exitCode()).isEqualTo(1);
    }

    @Test
    void removesThoseWhoAreHeldOnceTheyAreReleased() {
        indexed = List.of("ada", "bob", "cy", "dee", "eve");
        batch = Ended.batch(APPLICATION, "ada", "bob");
        sweep();
        APPLICATION.bean(Batches.class).close(batch);

        batch = release(batch.id() + "-people");
        assertThat(APPLICATION.bean(Batches.class).open("test").runs()).isEmpty();
        sweep();

        assertThat(removed()).containsExactly("cy", "dee", "eve");
        assertThat(APPLICATION.bean(HeldLedger.class).countPeople(batch.id())).isZero();
    }

    @Test
    void removesNobodyForAnIndexerWhoseNameEndsWithPeople() {
        indexed = List.of("ada", "bob", "cy", "dee", "eve");
        batch = Ended.batch(APPLICATION, "ada", "bob");
        sweep();
        APPLICATION.bean(Batches.class).close(batch);

        assertThatThrownBy(() -> release(batch.id() + "-lab-people"))
                .rootCause()
                .isInstanceOf(RequestRefused.class)
                .hasMessageContaining("unknown run");

        assertThat(APPLICATION.bean(HeldLedger.class).countPeople(batch.id())).isEqualTo(3);
    }

    private static Batch release(String runId) {
        return APPLICATION
                .camel()
                .createProducerTemplate()
                .requestBody("bean:runRequests?method=release", runId, Batch.class);
    }

    @Test
    void removesFewHoweverLargeTheirShare() {
        indexed = List.of("ada", "bob");
        batch = Ended.batch(APPLICATION, "new");

        sweep();

        assertThat(removed()).containsExactly("ada", "bob");
    }

    @Test
    void removesManyWhoAreASmallShare() {
        indexed = List.of("ada", "bob", "cy", "dee", "eve", "fay");
        batch = Ended.batch(APPLICATION, "ada", "bob", "cy");

        sweep();

        assertThat(removed()).containsExactly("dee", "eve", "fay");
    }

    @Test
    void looksAtThoseOfEachPage() {
        List<String> active = ids(2500).filter(id -> !id.matches(".*(0|999)")).toList();
        indexed = ids(2500).toList();
        batch = Ended.batch(APPLICATION, active.toArray(String[]::new));

        sweep();

        assertThat(removed())
                .hasSize(252)
                .containsExactlyElementsOf(
                        ids(2500).filter(id -> !active.contains(id)).toList());
    }

    @Test
    void removesMoreThanOneRequestTakes() {
        indexed = ids(4100).toList();
        batch = Ended.batch(APPLICATION, ids(2090).toArray(String[]::new));

        sweep();

        assertThat(removed()).containsExactlyElementsOf(ids(4100).skip(2090).toList());
        assertThat(bulks()).hasSize(3);
    }

    @Test
    void saysOnlyWhoWouldGoInADryRun(CapturedOutput log) {
        indexed = List.of("ada", "bob");
        try (RouteApplication dry = application()
                .with("colleagues.opensearch.sweep.mode", "dry-run")
                .start()) {
            Batch few = Ended.batch(dry, "ada");
            sweep(dry, few);
            dry.bean(Batches.class).close(few);

            indexed = ids(30).toList();
            Batch tooMany = Ended.batch(dry, ids(10).toArray(String[]::new));
            sweep(dry, tooMany);
            assertThat(tooMany.exitCode()).isZero();
        }
        assertThat(removed()).isEmpty();
        assertThat(log)
                .contains("sweep, dry run: 1 of 2 people in the index are no longer active: bob; nothing is removed")
                .contains("sweep, dry run: 20 of 30 people")
                .doesNotContain("sweep held");
    }

    @Test
    void asksNothingWhenItIsOff() {
        indexed = List.of("ada", "bob");
        try (RouteApplication off =
                application().with("colleagues.opensearch.sweep.mode", "off").start()) {
            Batch ended = Ended.batch(off, "ada");
            OPENSEARCH.requests().clear();
            sweep(off, ended);
        }
        assertThat(OPENSEARCH.requests()).isEmpty();
    }

    @Test
    void asksNothingAfterBatchWithRunThatIsPaused(CapturedOutput log) {
        indexed = List.of("ada", "bob");
        batch = Sample.batch(APPLICATION, "ada");
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(batch, "other"));
        runs.fail(runs.start(batch, "sample"), new IOException("disk full"));

        sweep();

        assertThat(OPENSEARCH.requests()).isEmpty();
        assertThat(log).contains("no sweep after batch " + batch.id() + ": it is paused");
    }

    @Test
    void asksNothingAfterBatchWithRunThatIsCancelled(CapturedOutput log) {
        indexed = List.of("ada", "bob");
        batch = Sample.batch(APPLICATION, "ada");
        Runs runs = APPLICATION.bean(Runs.class);
        runs.end(runs.start(batch, "other"));
        APPLICATION.bean(Ledger.class).cancelRun(batch.id(), "sample", "cancelled by ops", Instant.now());
        runs.end(runs.start(batch, "sample"));

        sweep();

        assertThat(OPENSEARCH.requests()).isEmpty();
        assertThat(log).contains("no sweep after batch " + batch.id() + ": it is cancelled");
    }

    /** It may have added people whom the list of this one does not have. */
    @Test
    void removesNobodyWhenANewerBatchBeganMeanwhile() {
        indexed = List.of("ada", "bob");
        batch = Ended.batch(APPLICATION, "ada");
        whileSearching = () -> APPLICATION
                .bean(Ledger.class)
                .open("99990101T020000000Z", "test", Instant.now(), List.of("elsewhere"), 100, false, null);

        sweep();

        assertThat(OPENSEARCH.requests()).isNotEmpty();
        assertThat(removed()).isEmpty();
    }

    @Test
    void asksNothingAfterBatchWhosePeopleCouldNotBeListed() {
        indexed = List.of("ada", "bob");
        Batches batches = APPLICATION.bean(Batches.class);
        batch = batches.open("test");
        batches.listing(batch).add(List.of(Sample.person("ada")));
        batches.fail(batch, new IOException("no second page"));

        sweep();

        assertThat(batch.state()).isEqualTo(State.FAILED);
        assertThat(OPENSEARCH.requests()).isEmpty();
    }

    @Test
    void asksNothingOnceThereIsANewerBatch() {
        indexed = List.of("ada", "bob");
        batch = Ended.batch(APPLICATION, "ada");
        APPLICATION
                .bean(Ledger.class)
                .open("99990101T020000000Z", "test", Instant.now(), List.of("elsewhere"), 100, false, null);

        sweep();

        assertThat(OPENSEARCH.requests()).isEmpty();
    }

    /** As a batch without a failed URL has none when --retry-errors opens it again: everyone would be taken for gone. */
    @Test
    void asksNothingWhenTheListOfPeopleIsNoLongerKept() {
        indexed = List.of("ada", "bob");
        batch = Ended.batch(APPLICATION, "ada", "bob");
        APPLICATION.bean(Batches.class).close(batch);

        sweep();

        assertThat(OPENSEARCH.requests()).isEmpty();
    }

    @Test
    void failureOfOpenSearchFailsNothingElse(CapturedOutput log) {
        indexed = null;
        batch = Ended.batch(APPLICATION, "ada");

        sweep();

        assertThat(batch.state()).isEqualTo(State.COMPLETED);
        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains("sweep failed; the next batch repeats it: "))
                .singleElement()
                .asString()
                .contains("WARN")
                .contains("503");
        assertThat(log).doesNotContain("\tat ");
    }

    @Test
    @Timeout(60)
    void searchThatDoesNotAdvanceIsAnError(CapturedOutput log) {
        indexed = List.of("ada", "bob", "cy");
        hanging = true;
        batch = Ended.batch(APPLICATION, "ada", "bob");

        sweep();

        assertThat(removed()).isEmpty();
        assertThat(log)
                .contains("sweep failed; the next batch repeats it: IOException: OpenSearch returned 6 documents of"
                        + " the index colleagues, which has 3");
    }

    @Test
    void searchThatEndsTooEarlyIsAnError(CapturedOutput log) {
        indexed = List.of("ada", "bob");
        missing = 3;
        batch = Ended.batch(APPLICATION, "ada");

        sweep();

        assertThat(removed()).isEmpty();
        assertThat(log).contains("OpenSearch returned 2 documents of the index colleagues, which has 5");
    }

    @Test
    void shardThatCannotBeReadIsAnError(CapturedOutput log) {
        indexed = List.of("ada", "bob");
        failedShards = 1;
        batch = Ended.batch(APPLICATION, "ada");

        sweep();

        assertThat(removed()).isEmpty();
        assertThat(log).contains("OpenSearch could not read 1 of 2 shards of the index colleagues");
    }

    @Test
    void saysWhichDocumentCouldNotBeRemoved(CapturedOutput log) {
        indexed = List.of("ada", "bob", "cy");
        removal = id -> id.equals("cy") ? 429 : 200;
        batch = Ended.batch(APPLICATION, "ada");

        sweep();

        assertThat(log)
                .contains("sweep failed; the next batch repeats it: IOException: OpenSearch did not delete cy: busy")
                .doesNotContain("removed their documents");
    }

    @Test
    void documentThatIsGoneAlreadyIsNoFailure(CapturedOutput log) {
        indexed = List.of("ada", "bob", "cy");
        removal = id -> 404;
        batch = Ended.batch(APPLICATION, "ada");

        sweep();

        assertThat(log).contains("removed their documents").doesNotContain("sweep failed");
    }

    private void sweep() {
        sweep(APPLICATION, batch);
    }

    private static void sweep(RouteApplication application, Batch batch) {
        Exchange ended = application.send("sweep", exchange -> exchange.setVariable("batch", batch));
        assertThat(ended.getException()).isNull();
    }

    private static RouteApplication application() {
        return RouteApplication.of("sweep", "index-chunk")
                .withTestRoute("index-sample")
                .withTestRoute("index-other")
                .with("colleagues.deliver-to", "opensearch,csv")
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .with("colleagues.opensearch.sweep.max-share", 0.5)
                .with("colleagues.opensearch.sweep.max-people", 2);
    }

    private static Stream<String> ids(int count) {
        return IntStream.range(0, count).mapToObj("p%05d"::formatted);
    }

    private static List<Request> bulks() {
        return OPENSEARCH.requests().stream()
                .filter(request -> request.target().equals("/colleagues/_bulk"))
                .toList();
    }

    private static List<String> removed() {
        return bulks().stream()
                .flatMap(request -> request.body().lines())
                .map(line -> Sample.json(line).at("/delete/_id").textValue())
                .toList();
    }

    /** As OpenSearch answers. */
    private static Answer answer(Request request) {
        return switch (request.target()) {
            case "/colleagues/_refresh" -> Answer.ok("{}");
            case "/colleagues/_search?scroll=5m" -> {
                whileSearching.run();
                whileSearching = () -> {};
                page = Sample.json(request.body()).get("size").intValue();
                yield indexed == null ? Answer.status(503) : Answer.ok(found(0));
            }
            case "/_search/scroll" ->
                request.method().equals("DELETE")
                        ? Answer.ok("{}")
                        : Answer.ok(found(
                                Sample.json(request.body()).get("scroll_id").asInt()));
            case "/colleagues/_bulk" -> Answer.ok(removals(request.body()));
            default -> Answer.status(200);
        };
    }

    /** The next page of a scroll, whose id says how many came before; the last one again and again, when it hangs. */
    private static String found(int from) {
        int next = hanging ? 0 : Math.min(from + page, indexed.size());
        ObjectNode answer = (ObjectNode) Sample.json("{}");
        answer.put("_scroll_id", "" + next);
        answer.putObject("_shards").put("total", 2).put("failed", failedShards);
        ObjectNode all = answer.putObject("hits");
        all.putObject("total").put("value", indexed.size() + missing);
        ArrayNode hits = all.putArray("hits");
        indexed.subList(from, Math.min(from + page, indexed.size()))
                .forEach(id ->
                        hits.addObject().put("_id", id).putObject("_source").put("id", id));
        return answer.toString();
    }

    private static String removals(String body) {
        ObjectNode answer = (ObjectNode) Sample.json("{}");
        ArrayNode items = answer.putArray("items");
        for (String line : body.lines().toList()) {
            String id = Sample.json(line).at("/delete/_id").textValue();
            ObjectNode item =
                    items.addObject().putObject("delete").put("_id", id).put("status", removal.apply(id));
            if (removal.apply(id) == 429) {
                item.putObject("error").put("type", "busy");
            }
        }
        return answer.toString();
    }
}
