package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.ExportBatches;
import org.colleaguesearch.runs.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

class IndexExportRouteTest {
    private static final String BATCH = "20260101T020000000Z";
    private static final String API = RouteApplication.API;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of(
                    "index-chunk", "index-export", "fetch-export", "deliver-chunk")
            .with(
                    "fetch-export",
                    route -> route.weaveById("fetch-export-url").replace().to("mock:fetch-url"));

    private MockEndpoint calls;
    private Batch batch;

    @BeforeEach
    void mock() {
        calls = APPLICATION.mock("fetch-url");
        calls.whenAnyExchangeReceived(call -> call.getMessage().setBody(Sample.json("[{\"n\":1},{\"n\":2}]")));
    }

    @AfterEach
    void forgetAll() {
        APPLICATION.bean(ExportBatches.class).close(batch);
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
    }

    @Test
    void writesItemsAndTicksTheChunkOff() throws IOException {
        ChunkOutcomes outcomes = export(API + "/1", API + "/2");

        assertThat(outcomes.failed()).isEmpty();
        assertThat(Files.readString(APPLICATION.exports().resolve(BATCH + "/parts/000000001.jsonl")))
                .isEqualTo("""
                        {"url":"%1$s/1","item":{"n":1}}
                        {"url":"%1$s/1","item":{"n":2}}
                        {"url":"%1$s/2","item":{"n":1}}
                        {"url":"%1$s/2","item":{"n":2}}
                        """.formatted(API));
        assertThat(batch.runs().getFirst().counts()).isEqualTo(new Counts(2, 0, 4, 0, 2));
        assertThat(APPLICATION.bean(ChunkLedger.class).done(BATCH, Indexer.EXPORT))
                .hasSize(1);
    }

    /** In the spelling that was checked; the files have the one that was asked with. */
    @Test
    void callsTheUrlThatWasChecked() {
        List<String> called = new CopyOnWriteArrayList<>();
        calls.whenAnyExchangeReceived(call -> {
            called.add(call.getMessage().getBody(String.class));
            call.getMessage().setBody(Sample.json("{}"));
        });

        ChunkOutcomes outcomes = export("HTTP://People.Test.:80?q=1");

        assertThat(called).containsExactly("http://people.test/?q=1");
        assertThat(outcomes.outcomes().getFirst().call().url()).isEqualTo("HTTP://People.Test.:80?q=1");
    }

    /** The settings may have changed since it was accepted. */
    @Test
    void doesNotCallUrlThatMayNotBeCalledAnyMore() {
        ChunkOutcomes outcomes = export("http://other.test/", API + "/1");

        assertThat(calls.getReceivedCounter()).isOne();
        assertThat(reasons(outcomes))
                .containsExactly("the host other.test:80 is not allowed by colleagues.export.allowed-hosts");
    }

    @Test
    void failedUrlsAreOutcomes() {
        calls.whenAnyExchangeReceived(call -> {
            String url = call.getMessage().getBody(String.class);
            if (url.endsWith("/1")) {
                throw Sample.status(302, Map.of("Location", "http://169.254.169.254/"));
            }
            call.getMessage().setBody(Sample.json(url.endsWith("/2") ? "[1]" : "{\"id\":3}"));
        });

        ChunkOutcomes outcomes = export(API + "/1", API + "/2", API + "/3");

        assertThat(reasons(outcomes))
                .containsExactly(
                        "HTTP 302 Moved Temporarily: redirects are not followed",
                        "the response is neither an object nor a list of objects");
        assertThat(batch.runs().getFirst().counts()).isEqualTo(new Counts(3, 0, 1, 2, 3));
    }

    @Test
    void chunkHasNoOutcomesWhenTheApiIsDown() {
        calls.whenAnyExchangeReceived(call -> {
            throw new PausedException("the API is down");
        });

        Exchange ended = send(API + "/1");

        assertThat(ended.getException()).isInstanceOf(PausedException.class);
        assertThat(APPLICATION.bean(ChunkLedger.class).done(BATCH, Indexer.EXPORT))
                .isEmpty();
    }

    /** The disk is full: nobody may take the URLs for failed. */
    @Test
    void chunkWhoseItemsCannotBeWrittenFails() throws IOException {
        batch(API + "/1");
        FileSystemUtils.deleteRecursively(APPLICATION.exports().resolve(BATCH));
        Files.createDirectories(APPLICATION.exports().resolve(BATCH));
        Files.writeString(APPLICATION.exports().resolve(BATCH + "/parts"), "no folder");

        Exchange ended = send(API + "/1");

        assertThat(ended.getException()).isInstanceOf(IOException.class);
        assertThat(batch.state()).isEqualTo(State.PAUSED);
        Files.delete(APPLICATION.exports().resolve(BATCH + "/parts"));
    }

    @Test
    void itemsThatNoFileCanHoldAreAnError() {
        calls.whenAnyExchangeReceived(call -> call.getMessage().setBody(Sample.json("[{\"t\":\"\\ud83d\"}]")));

        assertThat(reasons(export(API + "/1")))
                .singleElement()
                .asString()
                .startsWith("field 't' contains an unpaired surrogate");
    }

    @Test
    void callsNoChunkThatWasUnderWayTooOften() {
        for (int i = 0; i < 5; i++) {
            batch(API + "/1");
            APPLICATION.bean(ChunkLedger.class).begin(chunk(API + "/1"));
        }

        ChunkOutcomes outcomes = send(API + "/1").getMessage().getBody(ChunkOutcomes.class);

        assertThat(calls.getReceivedCounter()).isZero();
        assertThat(reasons(outcomes)).singleElement().asString().startsWith("quarantined: ");
    }

    private static List<String> reasons(ChunkOutcomes outcomes) {
        return outcomes.failed().map(Failed::reason).toList();
    }

    private ChunkOutcomes export(String... urls) {
        Exchange ended = send(urls);
        assertThat(ended.getException()).isNull();
        return ended.getMessage().getBody(ChunkOutcomes.class);
    }

    private Exchange send(String... urls) {
        batch(urls);
        return APPLICATION.send("index-export", chunk(urls));
    }

    private void batch(String... urls) {
        if (batch == null) {
            APPLICATION
                    .bean(ExportLedger.class)
                    .accept(BATCH, Instant.now(), "key", "job", "digest", null, List.of(urls), 100);
            batch = APPLICATION.bean(ExportBatches.class).open(BATCH, urls.length, "key");
            APPLICATION.bean(Runs.class).start(batch, Indexer.EXPORT);
        }
    }

    private static Chunk chunk(String... urls) {
        return new Chunk(
                BATCH,
                Indexer.EXPORT,
                1,
                IntStream.range(0, urls.length)
                        .mapToObj(i -> new Person(Integer.toString(i), urls[i]))
                        .toList());
    }
}
