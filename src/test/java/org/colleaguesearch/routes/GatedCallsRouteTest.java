package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.function.ThrowingConsumer;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.source.ApiGate;
import org.colleaguesearch.source.CallState;
import org.colleaguesearch.source.RunCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the gate around a call makes of an API that is down, with the routes and the HTTP client as they are. */
@Timeout(60)
class GatedCallsRouteTest {
    private static final String JSON = "{\"patents\":[{\"title\":\"A\"}]}";

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final Queue<String> targets = new ConcurrentLinkedQueue<>();
    private final ScriptedServer server = new ScriptedServer(request -> {
        targets.add(request.target());
        Reply next = replies.poll();
        return next == null ? Replies.json(JSON) : next;
    });
    private final RouteApplication application = RouteApplication.of("fetch-url", "call-api")
            .with("colleagues.apis.default.base-url", server.url())
            .with("colleagues.apis.default.response-timeout", "1s")
            .with("colleagues.apis.default.retry.first-delay", "1ms")
            .with("colleagues.apis.default.retry.multiplier", "1.0")
            .with("colleagues.apis.default.retry.attempts", 1)
            .with("colleagues.apis.default.probe-every", "10ms");

    @AfterEach
    void close() throws Exception {
        application.close();
        server.close();
    }

    @Test
    void waitsWithTheSameCallUntilTheApiAnswers() {
        application.start();
        fail(10);
        replies.addAll(List.of(
                Replies.error(503),
                Replies.reset(),
                Replies.hang(),
                Replies.cutOff(JSON),
                Replies.drip(1000, Duration.ofMillis(20))));
        targets.clear();

        Exchange fetched = application.send("fetch-url", server.url() + "/people/a%2Fb/patents");

        assertThat(fetched.getException()).isNull();
        assertThat(fetched.getMessage().getBody()).isEqualTo(Sample.json(JSON));
        assertThat(CallState.of(fetched).attempts()).isEqualTo(1);
        // Five failures, a probe and the call; a slow machine may miss the time-out of a good response, too.
        assertThat(targets).hasSizeGreaterThanOrEqualTo(7).containsOnly("/people/a%2Fb/patents");
        assertThat(states()).containsExactly(Map.entry("default " + server.url().getAuthority(), State.CLOSED));
    }

    @Test
    void failureOfOneUrlAfterTheApiAnswersIsItsOwn() {
        application.start();
        fail(10);
        replies.addAll(List.of(Replies.error(500), Replies.error(404)));

        Exchange fetched = application.send("fetch-url", server.url() + "/people/x/patents");

        assertThat(fetched.getException(HttpOperationFailedException.class).getStatusCode())
                .isEqualTo(404);
        assertThat(states()).containsValue(State.CLOSED);
    }

    @Test
    void pausesWhenTheApiFailsForGood() {
        application
                .with("colleagues.apis.default.patience", "100ms")
                .with("colleagues.apis.default.retry.attempts", 5)
                .start();
        for (int i = 0; i < 100_000; i++) {
            replies.add(Replies.error(503));
        }

        for (int i = 0; i < 10; i++) {
            fetch(i);
        }

        // Not called again by the route: that would be a pause for each attempt.
        assertThat(fetch(10).getException())
                .isInstanceOf(PausedException.class)
                .hasMessageContaining("has been unavailable for")
                .hasMessageEndingWith("last failure: HTTP 503 Service Unavailable");
        assertThat(states()).doesNotContainValue(State.CLOSED);
    }

    @Test
    void oneUrlThatAlwaysFailsIsGivenUpAndStopsNoOther() {
        application.with("colleagues.apis.default.retry.attempts", 50).start();
        for (int i = 0; i < 50; i++) {
            replies.add(Replies.error(500));
        }

        assertThat(fetch(1).getException()).isInstanceOf(HttpOperationFailedException.class);

        assertThat(targets).hasSize(50);
        assertThat(fetch(2).getException()).isNull();
        assertThat(states()).containsValue(State.CLOSED);
    }

    static Stream<ThrowingConsumer<AdviceWithRouteBuilder, Exception>> edits() {
        return Stream.of(
                route -> route.weaveById("drop-http-headers").replace().removeHeaders("*"),
                route -> route.weaveById("drop-http-headers").replace().removeProperties("*"),
                route -> route.weaveById("drop-http-headers").replace().removeVariable("*"),
                route -> route.weaveById("drop-http-headers")
                        .replace()
                        .removeHeaders("*")
                        .removeProperties("*")
                        .removeVariable("*"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void attemptsEndWhateverACallRemoves(ThrowingConsumer<AdviceWithRouteBuilder, Exception> edit) {
        application
                .with("colleagues.apis.default.retry.attempts", 4)
                .with("call-api", edit)
                .start();
        for (int i = 0; i < 1000; i++) {
            replies.add(Replies.error(429));
        }

        Exchange fetched = application.send("fetch-url", exchange -> {
            exchange.setProperty(ExchangePropertyKey.SPLIT_INDEX, 7);
            exchange.getMessage().setBody(server.url() + "/people/1/patents");
        });

        assertThat(fetched.getException(HttpOperationFailedException.class).getStatusCode())
                .isEqualTo(429);
        assertThat(targets).hasSize(4);
        assertThat(CallState.of(fetched).attempts()).isEqualTo(4);
        assertThat(CallState.of(fetched).splitIndex()).isEqualTo(7);
    }

    @Test
    void attemptsOfEachCallCountAnew() {
        application.with("colleagues.apis.default.retry.attempts", 3).start();
        Exchange exchange = application.send("fetch-url", server.url() + "/people/1/patents");
        for (int i = 0; i < 2; i++) {
            replies.addAll(List.of(Replies.error(500), Replies.error(500)));
            exchange.getMessage().setBody(server.url() + "/people/1/patents");
            exchange = application.bean(ProducerTemplate.class).send("direct:fetch-url", exchange);
            assertThat(exchange.getException()).isNull();
        }

        assertThat(targets).hasSize(7);
    }

    @Test
    void cancelEndsTheWaitForTheNextAttempt() {
        application
                .with("colleagues.apis.default.retry.attempts", 2)
                .with("colleagues.apis.default.retry.first-delay", "30m")
                .with("colleagues.apis.default.retry.max-delay", "30m")
                .start();
        replies.add(Replies.error(500));
        RunCalls run = new RunCalls();
        RunCalls.Owner owner = () -> run;
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform()
                .start(() -> end.set(application
                        .send("fetch-url", exchange -> {
                            exchange.setVariable("run", owner);
                            exchange.getMessage().setBody(server.url() + "/people/1/patents");
                        })
                        .getException()));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING && targets.size() == 1);

        run.cancel();

        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(PausedException.class).hasMessage("the run is cancelled");
        assertThat(targets).hasSize(1);
    }

    @Test
    void callInFlightThatIsDroppedEnds() {
        application.with("colleagues.apis.default.response-timeout", "30m").start();
        replies.add(Replies.hang());
        RunCalls run = new RunCalls();
        RunCalls.Owner owner = () -> run;
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread.ofPlatform()
                .start(() -> end.set(application
                        .send("fetch-url", exchange -> {
                            exchange.setVariable("run", owner);
                            exchange.getMessage().setBody(server.url() + "/people/1/patents");
                        })
                        .getException()));
        await().until(() -> targets.size() == 1);

        run.drop();

        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(PausedException.class).hasMessage("the run is cancelled");
    }

    /** Anybody with an API key can ask for a list of URLs that all fail. */
    @Test
    void exportOfBrokenUrlsStopsNoIndexer() {
        application.with("colleagues.apis.default.patience", "100ms").start();
        for (int i = 0; i < 100_000; i++) {
            replies.add(Replies.error(500));
        }
        Exception last = null;
        for (int i = 0; i < 11; i++) {
            String url = server.url() + "/people/" + i + "/patents";
            last = application
                    .send("fetch-url", exchange -> {
                        exchange.setVariable("chunk", new Chunk("b", Indexer.EXPORT, 1, List.of()));
                        exchange.getMessage().setBody(url);
                    })
                    .getException();
        }
        assertThat(last).isInstanceOf(PausedException.class);
        replies.clear();

        assertThat(fetch(1).getException()).isNull();
        assertThat(states()).containsExactly(Map.entry("default " + server.url().getAuthority(), State.CLOSED));
    }

    @Test
    void stoppingTheApplicationEndsTheWait() {
        application.with("colleagues.apis.default.probe-every", "10m").start();
        fail(10);
        AtomicReference<Exception> end = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform().start(() -> end.set(fetch(10).getException()));
        await().until(() -> states().containsValue(State.OPEN) && waiting.getState() == Thread.State.TIMED_WAITING);

        application.close();

        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(PausedException.class).hasMessageStartingWith("the application is stopping");
    }

    private void fail(int urls) {
        for (int i = 0; i < urls; i++) {
            replies.add(Replies.error(500));
        }
        for (int i = 0; i < urls - 1; i++) {
            assertThat(fetch(i).getException()).isNotNull();
        }
        // The one that opens the gate waits with all the others.
        assertThat(states()).containsValue(State.CLOSED);
    }

    private Exchange fetch(int person) {
        return application.send("fetch-url", server.url() + "/people/" + person + "/patents");
    }

    private Map<String, State> states() {
        return application.bean(ApiGate.class).states();
    }
}
