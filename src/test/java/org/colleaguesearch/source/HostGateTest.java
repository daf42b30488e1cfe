package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParseException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;

@Timeout(30)
class HostGateTest {
    private final List<Thread> threads = new ArrayList<>();
    private final RunCalls run = new RunCalls();
    private final NodeShare share = new NodeShare();

    @AfterEach
    void endThreads() {
        threads.forEach(Thread::interrupt);
    }

    static List<Exception> failuresOfTheHost() {
        return List.of(
                status(500),
                status(503),
                fails(),
                new SocketTimeoutException("Read timed out"),
                new IOException("no access token from https://login.example.org: HTTP 503"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheHost")
    void opensWhenHalfOfTheLastCallsFailed(Exception failure) {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::answers);
        passAll(gate, 9, () -> failure);
        assertThat(gate.state()).isEqualTo(State.CLOSED);

        gate.pass(() -> failure, true, run);

        assertThat(gate.state()).isEqualTo(State.OPEN);
    }

    static List<Exception> failuresOfOneUrl() {
        return List.of(
                status(401),
                status(404),
                status(429),
                new JsonParseException(null, "malformed"),
                new PermanentFailure("too large"),
                new IllegalStateException("a bug"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfOneUrl")
    void staysClosedOnFailuresOfSingleUrls(Exception failure) {
        HostGate gate = gate();

        passAll(gate, 100, () -> failure);

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void staysClosedWhenFewerThanHalfFail() {
        HostGate gate = gate();
        for (int i = 0; i < 100; i++) {
            passAll(gate, 3, HostGateTest::answers);
            passAll(gate, 2, HostGateTest::fails);
        }

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void retriesOfBadUrlsDoNotStopOtherCalls() {
        HostGate gate = gate();
        for (int i = 0; i < 100; i++) {
            assertThat(gate.pass(HostGateTest::fails, false, run)).isFalse();
        }

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void openingFailureAndFailedProbesSayNothingAboutTheUrl() {
        HostGate gate = gate();
        for (int i = 0; i < 9; i++) {
            assertThat(gate.pass(HostGateTest::fails, true, run)).isFalse();
        }

        assertThat(gate.pass(HostGateTest::fails, true, run)).isTrue();
        assertThat(gate.pass(HostGateTest::fails, true, run)).isTrue();
        assertThat(gate.pass(HostGateTest::fails, false, run)).isTrue();
        assertThat(gate.state()).isEqualTo(State.OPEN);
    }

    @Test
    void answeredProbeReleasesAllCalls(CapturedOutput output) {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);
        AtomicInteger probes = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        AtomicInteger mostTogether = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 30; i++) {
            thread(() -> {
                Supplier<Exception> call = () -> {
                    if (answered.get() == 0) {
                        mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
                    }
                    calls.incrementAndGet();
                    Exception failure = probes.incrementAndGet() <= 5 ? fails() : null;
                    if (failure == null) {
                        answered.incrementAndGet();
                    }
                    together.decrementAndGet();
                    return failure;
                };
                while (gate.pass(call, true, run)) {
                    Thread.onSpinWait();
                }
            });
        }

        await().until(() -> answered.get() == 30);
        assertThat(calls).hasValue(35);
        assertThat(mostTogether).hasValue(1);
        assertThat(gate.state()).isEqualTo(State.CLOSED);
        assertThat(output.getOut())
                .containsOnlyOnce("the API at people.test is failing: 10 of the last 10 calls failed,"
                        + " the last with: cannot connect: Connection refused; calls paused, probing every 0.01 s")
                .containsOnlyOnce("the API at people.test is available again after ");
    }

    @Test
    void anyResponseToAProbeClosesIt() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        assertThat(gate.pass(() -> status(404), true, run)).isFalse();

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void nextCallProbesAfterAnInconclusiveProbe() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        gate.pass(() -> new PermanentFailure("no access token"), true, run);
        assertThat(gate.state()).isEqualTo(State.HALF_OPEN);
        gate.pass(HostGateTest::answers, true, run);

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void pausesWhenThePatienceForTheHostIsOver() {
        HostGate gate = gate("patience=100ms");
        passAll(gate, 10, HostGateTest::fails);

        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> {
                    while (gate.pass(HostGateTest::fails, true, run)) {
                        Thread.onSpinWait();
                    }
                })
                .withMessageMatching("the API at people.test has been unavailable for 0\\.\\d+ s;"
                        + " last failure: cannot connect: Connection refused");
    }

    @Test
    void nextRunMayProbeAfterThePatienceIsOver() {
        HostGate gate = gate("patience=20ms", "probe-every=10ms");
        passAll(gate, 10, HostGateTest::fails);
        assertThatExceptionOfType(PausedException.class).isThrownBy(() -> {
            while (gate.pass(HostGateTest::fails, true, run)) {
                Thread.onSpinWait();
            }
        });

        await().ignoreExceptionsInstanceOf(PausedException.class)
                .until(() -> !gate.pass(HostGateTest::answers, true, run));
        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    /** Of many concurrent calls, only one can be the probe. */
    @Test
    void runThatIsContinuedAfterAnOutageHasItsWholePatience() {
        HostGate gate = gate("patience=1s", "probe-every=20ms");
        RunCalls before = new RunCalls();
        passAll(gate, 10, HostGateTest::fails);
        assertThatExceptionOfType(PausedException.class).isThrownBy(() -> {
            while (gate.pass(HostGateTest::fails, true, before)) {
                Thread.onSpinWait();
            }
        });
        RunCalls continued = new RunCalls();
        List<Object> ends = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 10; i++) {
            thread(() -> {
                try {
                    ends.add(gate.pass(HostGateTest::answers, true, continued));
                } catch (PausedException e) {
                    ends.add(e);
                }
            });
        }

        await().until(() -> ends.size() == 10);
        assertThat(ends).containsOnly(false);
        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void runThatIsContinuedWithinTheSameOutageIsPausedAgain() {
        HostGate gate = gate("patience=50ms", "probe-every=10ms");
        passAll(gate, 10, HostGateTest::fails);
        AtomicInteger probes = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            RunCalls continued = new RunCalls();
            probes.set(0);
            assertThatExceptionOfType(PausedException.class).isThrownBy(() -> {
                while (gate.pass(
                        () -> {
                            probes.incrementAndGet();
                            return fails();
                        },
                        true,
                        continued)) {
                    Thread.onSpinWait();
                }
            });
            assertThat(probes).hasPositiveValue();
        }
    }

    @Test
    void callThatWaitsForTheHostHoldsNoPlace() {
        HostGate indexers = gate("calls-in-flight=1", "probe-every=10m");
        HostGate exports = indexers.beside(places(1).of("key", "people.test"));
        passAll(exports, 10, HostGateTest::fails);
        for (int i = 0; i < 5; i++) {
            waiting(exports);
        }

        assertThat(indexers.pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void callOfAnExportThatWaitsForTheHostHoldsNoPlaceOfOtherExports() {
        ExportPlaces places = places(1);
        HostGate down = gate("probe-every=10m").beside(places.of("key", "down.test"));
        passAll(down, 10, HostGateTest::fails);
        for (int i = 0; i < 5; i++) {
            waiting(down);
        }

        HostGate healthy = gate().beside(places.of("other", "healthy.test"));

        assertThat(healthy.pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void callOfAnExportGivesItsPlaceBackHoweverItEnds() {
        HostGate gate = gate("probe-every=1ms").beside(places(1).of("key", "people.test"));
        passAll(gate, 1, HostGateTest::answers);
        passAll(gate, 1, HostGateTest::fails);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::bug, true, run));
        passAll(gate, 20, HostGateTest::fails);

        await().until(() -> !gate.pass(HostGateTest::answers, true, run));
    }

    @Test
    void cancelEndsTheWaitForAPlaceOfExports() throws InterruptedException {
        HostGate gate = gate().beside(places(1).of("key", "people.test"));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Supplier<Exception> call = () -> {
            begun.countDown();
            return awaited(done);
        };
        thread(() -> gate.pass(call, true, new RunCalls()));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        AtomicReference<Throwable> end = waiting(gate);

        run.cancel();

        assertPaused(end, "the run is cancelled");
        done.countDown();
    }

    private static ExportPlaces places(int count) {
        return new ExportPlaces(count, true, Duration.ofMinutes(10));
    }

    @Test
    void callThatWaitsForTheRateLimitHoldsNoPlace() {
        HostGate gate = gate("calls-in-flight=1", "calls-per-second=0.01");
        gate.pass(HostGateTest::answers, true, run);
        AtomicReference<Throwable> end = waiting(gate);

        run.cancel();

        // If it held a place, the next call would wait for the place.
        assertPaused(end, "the run is cancelled");
        RunCalls other = new RunCalls();
        Thread next = thread(() -> end.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true, other))));
        await().until(() -> next.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void callsThatWaitForAPlaceWhenTheHostFailsAreNotMade() {
        HostGate gate = gate("calls-in-flight=1", "probe-every=10m", "patience=10m");
        CountDownLatch done = new CountDownLatch(1);
        thread(() -> gate.pass(() -> awaited(done), true, run));
        await().until(() -> threads.get(0).getState() == Thread.State.WAITING);
        AtomicInteger made = new AtomicInteger();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread waiting = thread(() -> end.set(catchThrowable(() -> gate.pass(
                () -> {
                    made.incrementAndGet();
                    return null;
                },
                true,
                run))));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        gate.takeForDown(false);

        // The response came, but to a call from before the host was marked as down.
        done.countDown();

        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING && gate.state() == State.OPEN);
        assertThat(made).hasValue(0);
    }

    static List<List<String>> waits() {
        return List.of(
                List.of("probe-every=10m"),
                List.of("probe-every=10m", "calls-in-flight=1"),
                List.of("probe-every=10m", "calls-per-second=0.01"));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void cancelEndsTheWaitsOfItsRunOnly(List<String> settings) {
        HostGate gate = gate(settings.toArray(String[]::new));
        passAll(gate, 1, HostGateTest::answers);
        if (settings.size() == 1) {
            gate.takeForDown(false);
        } else if (settings.contains("calls-in-flight=1")) {
            CountDownLatch never = new CountDownLatch(1);
            RunCalls busy = new RunCalls();
            thread(() -> gate.pass(() -> awaited(never), true, busy));
            await().until(() -> threads.get(0).getState() == Thread.State.WAITING);
        }
        AtomicReference<Throwable> first = waiting(gate);
        AtomicReference<Throwable> second = waiting(gate);
        AtomicReference<Throwable> other = new AtomicReference<>();
        RunCalls otherRun = new RunCalls();
        Thread others = thread(() -> other.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true, otherRun))));
        await().until(() -> others.getState() == Thread.State.TIMED_WAITING);

        run.cancel();

        assertPaused(first, "the run is cancelled");
        assertPaused(second, "the run is cancelled");
        assertThat(other.get()).isNull();
    }

    @Test
    void callsThatNeedNotWaitAreStillMadeForARunThatIsCancelled() {
        HostGate gate = gate("calls-in-flight=1");
        run.cancel();

        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void noCallIsMadeForARunWhoseCallsAreDropped() {
        HostGate gate = gate();
        run.drop();

        assertThatExceptionOfType(PausedException.class).isThrownBy(() -> gate.pass(HostGateTest::bug, true, run));
    }

    @Test
    void stoppingEndsTheWaitForTheHost() {
        HostGate gate = gate("probe-every=10m");
        passAll(gate, 10, HostGateTest::fails);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "the application is stopping");
    }

    @Test
    void interruptEndsTheWaitForTheHost() {
        HostGate gate = gate("probe-every=10m");
        passAll(gate, 10, HostGateTest::fails);
        AtomicReference<Throwable> end = waiting(gate);

        threads.get(0).interrupt();

        assertPaused(end, "interrupted");
    }

    @Test
    void limitsCallsInFlight() {
        HostGate gate = gate("calls-in-flight=3");
        AtomicInteger together = new AtomicInteger();
        AtomicInteger mostTogether = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            thread(() -> {
                for (int j = 0; j < 50; j++) {
                    gate.pass(
                            () -> {
                                mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
                                Thread.onSpinWait();
                                together.decrementAndGet();
                                return null;
                            },
                            true,
                            run);
                }
                answered.incrementAndGet();
            });
        }

        await().until(() -> answered.get() == 20);
        assertThat(mostTogether.get()).isBetween(1, 3);
    }

    @Test
    void nodeHasItsShareOfTheCallsInFlight() {
        share.set(1, 3);
        HostGate gate = gate("calls-in-flight=4", "patience=20ms");
        CountDownLatch done = new CountDownLatch(1);
        thread(() -> gate.pass(() -> held(done), true, run));

        await().untilAsserted(() -> assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::answers, true, run)));

        // Another node has gone.
        share.set(0, 2);
        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();
        done.countDown();
    }

    @Test
    void nodeMakesNoLimitedCallWhileItDoesNotKnowItsShare() {
        share.none();

        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> gate("calls-in-flight=4", "patience=20ms").pass(HostGateTest::answers, true, run));
        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> gate("calls-per-second=4", "patience=20ms").pass(HostGateTest::answers, true, run));
        assertThat(gate().pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void nodesShareTheCallsPerSecond() {
        share.set(2, 4);
        HostGate gate = gate("calls-per-second=100");
        long start = System.nanoTime();

        passAll(gate, 5, HostGateTest::answers);

        // 40 ms each, as above.
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(120_000_000L);
    }

    private static Exception held(CountDownLatch done) {
        try {
            done.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    @Test
    void callThatThrowsGivesItsPlaceBack() {
        HostGate gate = gate("calls-in-flight=1");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::bug, true, run));

        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void nextCallProbesAfterAProbeThatThrows() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::bug, true, run));
        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void pausesWhenThePatienceForAPlaceIsOver() {
        HostGate gate = gate("calls-in-flight=1", "patience=20ms");
        AtomicReference<Throwable> end = new AtomicReference<>();

        gate.pass(
                () -> {
                    end.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true, run)));
                    return null;
                },
                true,
                run);

        assertThat(end.get())
                .isInstanceOf(PausedException.class)
                .hasMessage("waited 0.02 s for the limit of 1 calls in flight to the API at people.test");
        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();
    }

    @Test
    void stoppingEndsTheWaitForPlace() {
        HostGate gate = gate("calls-in-flight=1");
        CountDownLatch done = new CountDownLatch(1);
        thread(() -> gate.pass(() -> awaited(done), true, run));
        await().until(() -> threads.get(0).getState() == Thread.State.WAITING);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "the application is stopping");
        done.countDown();
    }

    @Test
    void limitsCallsPerSecond() {
        HostGate gate = gate("calls-per-second=100");
        long start = System.nanoTime();

        passAll(gate, 12, HostGateTest::answers);

        // 10 ms each, except the first, and the second, whose slot may begin any time after the first.
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
    }

    @Test
    void failsImmediatelyWhenNoSlotIsFreeInTime() {
        HostGate gate = gate("calls-per-second=0.001", "patience=10s");
        gate.pass(HostGateTest::answers, true, run);

        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::answers, true, run))
                .withMessage(
                        "the rate limit of 0.001 calls per second for the API at people.test leaves no slot within 10.0 s");
    }

    @Test
    void stoppingEndsTheWaitForTheRateLimit() {
        HostGate gate = gate("calls-per-second=0.01");
        gate.pass(HostGateTest::answers, true, run);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "the application is stopping");
    }

    @Test
    void callsThatNeedNotWaitAreStillMadeWhileTheApplicationStops() {
        HostGate gate = gate("calls-in-flight=1");
        gate.stop();

        assertThat(gate.pass(HostGateTest::answers, true, run)).isFalse();
    }

    private HostGate gate(String... changes) {
        return new HostGate("the API at people.test", api(changes), share);
    }

    private static Settings.Api api(String... changes) {
        List<String> settings = new ArrayList<>(List.of("colleagues.apis.default.probe-every=10ms"));
        for (String change : changes) {
            settings.add("colleagues.apis.default." + change);
        }
        return ShippedSettings.api(settings.toArray(String[]::new));
    }

    private void passAll(HostGate gate, int times, Supplier<Exception> call) {
        for (int i = 0; i < times; i++) {
            gate.pass(call, true, run);
        }
    }

    /** Starts a call that has to wait; returns how it ends. */
    private AtomicReference<Throwable> waiting(HostGate gate) {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread = thread(() -> end.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true, run))));
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return end;
    }

    private static void assertPaused(AtomicReference<Throwable> end, String message) {
        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(PausedException.class).hasMessageContaining(message);
    }

    private Thread thread(Runnable work) {
        Thread thread = Thread.ofPlatform().daemon().start(work);
        threads.add(thread);
        return thread;
    }

    private static Exception awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private static Exception fails() {
        return new ConnectException("Connection refused");
    }

    private static Exception answers() {
        return null;
    }

    private static Exception bug() {
        throw new IllegalStateException("a bug");
    }

    private static HttpOperationFailedException status(int status) {
        return new HttpOperationFailedException("http://people.test/people", status, "", null, Map.of(), "");
    }
}
