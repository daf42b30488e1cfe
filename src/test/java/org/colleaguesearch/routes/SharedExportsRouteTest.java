package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.routes.Exporting.Answer;
import org.colleaguesearch.runs.ExportBatches;
import org.colleaguesearch.source.FullSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Exports of several API keys at the same time, to hosts that answer and to hosts that do not, with all routes and real HTTP. */
@Timeout(90)
class SharedExportsRouteTest {
    /** What a call can wait for. */
    enum Host {
        /** An access token, from a server that does not answer. The people API, which alone gets one. */
        WITHOUT_TOKEN,
        /** An answer; and for a place among the calls in flight to the host. */
        HANGS,
        /** That the host is well again. */
        FAILS,
        /** That the pause is over that the host has asked for. */
        BUSY,
        /** A connection. */
        CONNECTS_NOBODY,
        /** The end of an answer. */
        STALLS
    }

    private static final Map<Host, AtomicInteger> CALLS = new ConcurrentHashMap<>();
    private static final ScriptedServer TOKENS = new ScriptedServer(request -> Replies.hang());
    private static final ScriptedServer API = new ScriptedServer(request -> Replies.error(401));
    private static final ScriptedServer HANGS = new ScriptedServer(request -> counted(Host.HANGS, Replies.hang()));
    private static final ScriptedServer FAILS = new ScriptedServer(request -> counted(Host.FAILS, Replies.error(503)));
    private static final ScriptedServer BUSY =
            new ScriptedServer(request -> counted(Host.BUSY, Replies.error(429, "Retry-After: 25")));
    private static final ScriptedServer STALLS =
            new ScriptedServer(request -> counted(Host.STALLS, Replies.stall("[{},")));
    private static final FullSocket CONNECTS_NOBODY = new FullSocket();
    private static final String HUGE = "[" + "{},".repeat(1_000_000) + "{}]";
    private static final ScriptedServer HEALTHY =
            new ScriptedServer(request -> Replies.json(request.target().startsWith("/huge") ? HUGE : "{\"n\":1}"));

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of(
                    "create-export",
                    "get-export",
                    "cancel-export",
                    "begin-export",
                    "run-export-batch",
                    "run-indexer",
                    "index-chunk",
                    "index-export",
                    "fetch-export",
                    "deliver-chunk",
                    "complete-run",
                    "fetch-url",
                    "call-api")
            .with("colleagues.apis.default.base-url", API.url())
            .with("colleagues.apis.default.auth.oauth2.token-url", TOKENS.url())
            .with("colleagues.apis.default.auth.oauth2.client-id", "id")
            .with("colleagues.apis.default.auth.oauth2.client-secret", "secret")
            .with("colleagues.apis.default.response-timeout", "30m")
            .with("colleagues.apis.default.connect-timeout", "30m")
            .with("colleagues.apis.default.probe-every", "30m")
            .with("colleagues.apis.default.calls-in-flight", 6)
            .with("colleagues.apis.default.retry.first-delay", "1ms")
            .with("colleagues.indexing.batch-size", 10)
            .with("colleagues.export.wait-at-most", "60s")
            .with("colleagues.export.max-size", "1MB")
            .with("colleagues.export.allow-private-addresses", true)
            .with("colleagues.export.allowed-hosts", allowedHosts());

    private final List<String> jobs = new ArrayList<>();

    private static ScriptedServer.Reply counted(Host host, ScriptedServer.Reply reply) {
        CALLS.computeIfAbsent(host, id -> new AtomicInteger()).incrementAndGet();
        return reply;
    }

    private static String allowedHosts() {
        return String.join(
                        ",",
                        Stream.of(Host.values())
                                .map(SharedExportsRouteTest::authority)
                                .toList())
                + "," + HEALTHY.url().getAuthority();
    }

    private static String authority(Host host) {
        return switch (host) {
            case WITHOUT_TOKEN -> API.url().getAuthority();
            case HANGS -> HANGS.url().getAuthority();
            case FAILS -> FAILS.url().getAuthority();
            case BUSY -> BUSY.url().getAuthority();
            case STALLS -> STALLS.url().getAuthority();
            case CONNECTS_NOBODY -> "127.0.0.1:" + CONNECTS_NOBODY.port();
        };
    }

    @AfterEach
    void cancelAll() {
        jobs.forEach(job -> {
            String[] words = job.split(" ", -1);
            Exporting.ask(APPLICATION, "cancel-export", words[0], words[1]);
        });
        awaitNoneUnderWay();
        APPLICATION.bean(JdbcClient.class).sql("delete from batch").update();
        CALLS.clear();
    }

    @AfterAll
    static void closeServers() throws IOException {
        for (ScriptedServer server : List.of(TOKENS, API, HANGS, FAILS, BUSY, STALLS, HEALTHY)) {
            server.close();
        }
        CONNECTS_NOBODY.close();
    }

    @ParameterizedTest
    @EnumSource
    void keyThatWaitsForAHostHoldsUpNoOtherKey(Host host) {
        for (int i = 0; i < 5; i++) {
            assertThat(create("greedy", "job" + i, urls(authority(host), 50)).status())
                    .isEqualTo(202);
        }
        awaitCalls(host);

        assertCompletes("modest");
    }

    /** Whatever keys call it. */
    @ParameterizedTest
    @EnumSource
    void hostThatIsWaitedForHoldsUpNoOtherHost(Host host) {
        for (int key = 0; key < 5; key++) {
            for (int i = 0; i < 3; i++) {
                create("greedy" + key, "job" + i, urls(authority(host), 20));
            }
        }
        awaitCalls(host);

        assertCompletes("modest");
    }

    @ParameterizedTest
    @EnumSource
    void cancelEndsWhatWaits(Host host) {
        create("key", "job", urls(authority(host), 50));
        awaitCalls(host);

        Answer cancelled = Exporting.ask(APPLICATION, "cancel-export", "key", "job");

        assertThat(cancelled.json().get("state").textValue()).isEqualTo("cancelled");
        awaitNoneUnderWay();
        assertCompletes("key");
    }

    @Test
    void keyWithManyUrlsHoldsUpNoOtherKey() {
        for (int i = 0; i < 5; i++) {
            create("greedy", "job" + i, urls(HEALTHY.url().getAuthority(), 5_000));
        }

        assertCompletes("modest");
    }

    @Test
    void hugeAnswerWritesNoMoreThanTheLargestFile() {
        create("key", "job", urls(HEALTHY.url().getAuthority() + "/huge", 30));

        long most = 0;
        while (!state("key", "job").equals("failed")) {
            most = Math.max(most, size());
        }

        assertThat(most).isLessThanOrEqualTo(1024 * 1024);
        assertThat(Exporting.ask(APPLICATION, "get-export", "key", "job")
                        .json()
                        .get("error")
                        .textValue())
                .isEqualTo("result.jsonl exceeds colleagues.export.max-size, 1048576 bytes: request less data");
        awaitNoneUnderWay();
        assertThat(size()).isZero();
        assertThat(APPLICATION.bean(ExportFiles.class).sizeOfKey("key")).isZero();
    }

    private static long size() {
        try (Stream<Path> files = Files.walk(APPLICATION.exports())) {
            return files.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private void assertCompletes(String key) {
        jobs.add(key + " healthy");
        String body = Exporting.requestOf("healthy", urls(HEALTHY.url().getAuthority(), 25));
        assertThat(Exporting.create(APPLICATION, key, body).status()).isEqualTo(200);
        assertThat(state(key, "healthy")).isEqualTo("completed");
    }

    private Answer create(String key, String job, List<String> urls) {
        jobs.add(key + " " + job);
        return Exporting.createAsync(APPLICATION, key, Exporting.requestOf(job, urls));
    }

    private static String state(String key, String job) {
        return Exporting.ask(APPLICATION, "get-export", key, job)
                .json()
                .get("state")
                .textValue();
    }

    private static List<String> urls(String authority, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "http://" + authority + "/" + i)
                .toList();
    }

    /** Until all that may call the host do, or until it is taken for down. */
    private static void awaitCalls(Host host) {
        int calls =
                switch (host) {
                    case FAILS -> 10;
                    case HANGS, STALLS, BUSY -> 6;
                    // The request for a token is asked once, whoever waits for it; and connections come to nobody.
                    case WITHOUT_TOKEN, CONNECTS_NOBODY -> 0;
                };
        await().until(() -> CALLS.getOrDefault(host, new AtomicInteger()).get() >= calls);
        await().until(() -> APPLICATION.camel().getInflightRepository().size("call-api") > 0 || host == Host.BUSY);
    }

    private static void awaitNoneUnderWay() {
        ExportBatches open = APPLICATION.bean(ExportBatches.class);
        List<String> all = APPLICATION
                .bean(JdbcClient.class)
                .sql("select id from batch")
                .query(String.class)
                .list();
        await().until(() -> all.stream().noneMatch(open::isOpen));
    }
}
