package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.source.CallState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchUrlRouteTest {
    private static final String URL = "http://people.test/people/ada/patents";
    private static final int ATTEMPTS = 4;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("fetch-url")
            .with("colleagues.apis.default.retry.attempts", ATTEMPTS)
            .with("colleagues.apis.default.retry.first-delay", "20ms")
            .with("colleagues.apis.default.retry.multiplier", "3.0")
            .with("colleagues.apis.default.retry.max-delay", "2s")
            .with("fetch-url", route -> route.weaveById("call-url").replace().to("mock:call-api"));

    private final List<Long> called = new CopyOnWriteArrayList<>();
    private MockEndpoint api;

    @BeforeEach
    void mock() {
        api = APPLICATION.mock("call-api");
    }

    static Stream<Exception> transientFailures() {
        return Stream.of(
                Sample.status(500, null),
                Sample.status(502, Map.of()),
                Sample.status(503, Map.of("Retry-After", "soon")),
                Sample.status(504, Map.of("Retry-After", "0")),
                Sample.status(429, Map.of()),
                new ConnectException("Connection refused"),
                new SocketException("Connection reset"),
                new SocketTimeoutException("Read timed out"),
                new UnknownHostException("people.test"),
                new JsonEOFException(null, null, "torn"),
                new JsonParseException(null, "malformed"));
    }

    @ParameterizedTest
    @MethodSource("transientFailures")
    void callsTheSameUrlAgainAfterTransientFailure(Exception failure) throws Exception {
        answer(failure, "{\"a\":1}");
        api.expectedBodiesReceived(URL, URL);

        Exchange fetched = fetch();

        api.assertIsSatisfied();
        assertThat(fetched.getException()).isNull();
        assertThat(fetched.getMessage().getBody()).isEqualTo(Sample.json("{\"a\":1}"));
        assertThat(attempts(fetched)).isEqualTo(2);
    }

    static Stream<Exception> permanentFailures() {
        return Stream.of(
                Sample.status(301, Map.of()),
                Sample.status(400, Map.of()),
                Sample.status(401, Map.of()),
                Sample.status(403, Map.of()),
                Sample.status(404, Map.of()),
                Sample.status(410, Map.of("Retry-After", "1")),
                new IllegalArgumentException("no URL"));
    }

    @ParameterizedTest
    @MethodSource("permanentFailures")
    void doesNotCallAgainAfterPermanentFailure(Exception failure) throws Exception {
        answer(failure, "{}");
        api.expectedMessageCount(1);

        Exchange fetched = fetch();

        api.assertIsSatisfied();
        assertThat(fetched.getException()).isSameAs(failure);
        assertThat(attempts(fetched)).isEqualTo(1);
    }

    @Test
    void failureThatTheRunHasHandledEarlierDoesNotPreventRetries() {
        answer(Sample.status(500, Map.of()), "{}");

        Exchange fetched = fetch(new IllegalStateException("OpenSearch was down"));

        assertThat(fetched.getException()).isNull();
        assertThat(attempts(fetched)).isEqualTo(2);
    }

    @Test
    void failureThatTheRunHasHandledEarlierDoesNotCauseRetries() {
        answer(new IllegalArgumentException("no URL"), "{}");

        Exchange fetched = fetch(new IOException("the database was down"));

        assertThat(fetched.getException()).hasMessage("no URL").hasNoSuppressedExceptions();
        assertThat(attempts(fetched)).isEqualTo(1);
    }

    @Test
    void judgesEachAttemptByItsOwnFailure() {
        answer(new IOException("1"), new IllegalArgumentException("2"), "{}");

        Exchange fetched = fetch();

        assertThat(fetched.getException()).hasMessage("2");
        assertThat(attempts(fetched)).isEqualTo(2);
    }

    @Test
    void waitsLongerEachTime() {
        answer(new IOException("1"), new IOException("2"), new IOException("3"), "{}");

        fetch();

        // 20 ms, and then three times the one before, each up to a quarter less or more.
        assertThat(pauses().get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(15));
        assertThat(pauses().get(1)).isGreaterThanOrEqualTo(Duration.ofMillis(33));
        assertThat(pauses().get(2)).isGreaterThanOrEqualTo(Duration.ofMillis(75));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After", "retry-after"})
    void waitsAsLongAsRetryAfterAsks(String header) {
        answer(Sample.status(429, Map.of(header, "1")), "{}");

        Exchange fetched = fetch();

        assertThat(fetched.getException()).isNull();
        assertThat(attempts(fetched)).isEqualTo(2);
        // The upper limit is far from a busy machine's delays, and from seconds that are read as another unit.
        assertThat(pauses().get(0)).isBetween(Duration.ofMillis(999), Duration.ofSeconds(15));
    }

    @Test
    void waitsUntilTheDateOfRetryAfter() {
        String date = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2).format(DateTimeFormatter.RFC_1123_DATE_TIME);
        answer(Sample.status(503, Map.of("Retry-After", date)), "{}");

        fetch();

        // The date has no fraction of a second.
        assertThat(pauses().get(0)).isGreaterThanOrEqualTo(Duration.ofMillis(900));
    }

    @Test
    void pausesGrowFromWhatRetryAfterAsked() {
        answer(Sample.status(429, Map.of("Retry-After", "1")), new IOException("2"), "{}");

        Exchange fetched = fetch();

        assertThat(attempts(fetched)).isEqualTo(3);
        // max-delay, up to a quarter less or more, and far below what a busy machine adds.
        assertThat(pauses().get(1)).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(15));
    }

    @Test
    void callsOnceWhenOneAttemptIsConfigured() throws Exception {
        try (RouteApplication once = RouteApplication.of("fetch-url")
                .with("colleagues.apis.default.retry.attempts", 1)
                .with(
                        "fetch-url",
                        route -> route.weaveById("call-url").replace().to("mock:call-api"))
                .start()) {
            MockEndpoint only = once.mock("call-api");
            only.whenAnyExchangeReceived(exchange -> {
                throw new IOException("reset");
            });
            only.expectedMessageCount(1);

            Exchange fetched = once.send("fetch-url", URL);

            only.assertIsSatisfied();
            assertThat(fetched.getException()).hasMessage("reset");
            assertThat(attempts(fetched)).isEqualTo(1);
        }
    }

    private static Exchange fetch() {
        return APPLICATION.send("fetch-url", URL);
    }

    /** {@code handled}: a failure that a step of the run has caught before the call. */
    private static Exchange fetch(Exception handled) {
        return APPLICATION.send("fetch-url", exchange -> {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, handled);
            exchange.getMessage().setBody(URL);
        });
    }

    /** Answers each call with the next of these: JSON text, or a failure. */
    private void answer(Object... answers) {
        api.whenAnyExchangeReceived(exchange -> {
            called.add(System.nanoTime());
            Object answer = answers[called.size() - 1];
            // What call-api does to the message before it fails.
            exchange.getMessage().setBody("");
            if (answer instanceof Exception failure) {
                throw failure;
            }
            exchange.getMessage().setBody(Sample.json(answer.toString()));
        });
    }

    private List<Duration> pauses() {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 1; i < called.size(); i++) {
            pauses.add(Duration.ofNanos(called.get(i) - called.get(i - 1)));
        }
        return pauses;
    }

    /** As outcomes count them. */
    private static int attempts(Exchange fetched) {
        return CallState.of(fetched).attempts();
    }
}
