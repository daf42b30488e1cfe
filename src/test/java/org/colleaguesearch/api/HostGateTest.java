package org.colleaguesearch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParseException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(30)
class HostGateTest {
    private final List<Thread> threads = new ArrayList<>();

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

        gate.pass(() -> failure, true);

        assertThat(gate.state()).isEqualTo(State.OPEN);
    }

    static List<Exception> failuresOfOneUrl() {
        return List.of(
                status(401),
                status(404),
                status(429),
                new JsonParseException(null, "malformed"),
                new LastingFailure("too large"),
                new IllegalStateException("a bug"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfOneUrl")
    void staysClosedWhenUrlsFailForReasonsOfTheirOwn(Exception failure) {
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
    void badUrlsThatAreCalledAgainAndAgainStopNoOthers() {
        HostGate gate = gate();
        for (int i = 0; i < 100; i++) {
            assertThat(gate.pass(HostGateTest::fails, false)).isFalse();
        }

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void failureThatOpensItAndThatOfProbesIsNoVerdict() {
        HostGate gate = gate();
        for (int i = 0; i < 9; i++) {
            assertThat(gate.pass(HostGateTest::fails, true)).isFalse();
        }

        assertThat(gate.pass(HostGateTest::fails, true)).isTrue();
        assertThat(gate.pass(HostGateTest::fails, true)).isTrue();
        assertThat(gate.pass(HostGateTest::fails, false)).isTrue();
        assertThat(gate.state()).isEqualTo(State.OPEN);
    }

    @Test
    void answerToOneProbeLetsAllGoOn(CapturedOutput output) {
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
                while (gate.pass(call, true)) {
                    Thread.onSpinWait();
                }
            });
        }

        await().until(() -> answered.get() == 30);
        assertThat(calls).hasValue(35);
        assertThat(mostTogether).hasValue(1);
        assertThat(gate.state()).isEqualTo(State.CLOSED);
        assertThat(output.getOut())
                .containsOnlyOnce("the API at people.test fails: 10 of the last 10 calls,"
                        + " the last with: cannot connect: Connection refused; paused, probing every 0.01 s")
                .containsOnlyOnce("the API at people.test answers again, after ");
    }

    @Test
    void waitsUntilSomeCallIsAnsweredWhatever() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        assertThat(gate.pass(() -> status(404), true)).isFalse();

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void probeThatSaysNothingOfTheHostLeavesTheNextToProbe() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        gate.pass(() -> new LastingFailure("no access token"), true);
        assertThat(gate.state()).isEqualTo(State.HALF_OPEN);
        gate.pass(HostGateTest::answers, true);

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void givesUpWhenPatienceHasRunOut() {
        HostGate gate = gate("patience=100ms");
        passAll(gate, 10, HostGateTest::fails);

        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> {
                    while (gate.pass(HostGateTest::fails, true)) {
                        Thread.onSpinWait();
                    }
                })
                .withMessageMatching("the API at people.test has given no good answer for 0\\.\\d+ s;"
                        + " the last: cannot connect: Connection refused");
    }

    @Test
    void theNextRunMayProbeAfterPatienceHasRunOut() {
        HostGate gate = gate("patience=20ms", "probe-every=10ms");
        passAll(gate, 10, HostGateTest::fails);
        assertThatExceptionOfType(PausedException.class).isThrownBy(() -> {
            while (gate.pass(HostGateTest::fails, true)) {
                Thread.onSpinWait();
            }
        });

        await().ignoreExceptionsInstanceOf(PausedException.class).until(() -> !gate.pass(HostGateTest::answers, true));
        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void stoppingEndsTheWaitForTheHost() {
        HostGate gate = gate("probe-every=10m");
        passAll(gate, 10, HostGateTest::fails);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "and the application stops");
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
    void noMoreCallsInFlightThanMayBe() {
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
                            true);
                }
                answered.incrementAndGet();
            });
        }

        await().until(() -> answered.get() == 20);
        assertThat(mostTogether.get()).isBetween(1, 3);
    }

    @Test
    void callThatThrowsGivesItsPlaceBack() {
        HostGate gate = gate("calls-in-flight=1");

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> gate.pass(HostGateTest::bug, true));

        assertThat(gate.pass(HostGateTest::answers, true)).isFalse();
    }

    @Test
    void probeThatThrowsLeavesTheNextToProbe() {
        HostGate gate = gate();
        passAll(gate, 10, HostGateTest::fails);

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> gate.pass(HostGateTest::bug, true));
        assertThat(gate.pass(HostGateTest::answers, true)).isFalse();

        assertThat(gate.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void givesUpWhenThereIsNoPlace() {
        HostGate gate = gate("calls-in-flight=1", "patience=20ms");
        AtomicReference<Throwable> end = new AtomicReference<>();

        gate.pass(
                () -> {
                    end.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true)));
                    return null;
                },
                true);

        assertThat(end.get())
                .isInstanceOf(PausedException.class)
                .hasMessage("no place for 0.02 s among the 1 calls in flight to the API at people.test");
        assertThat(gate.pass(HostGateTest::answers, true)).isFalse();
    }

    @Test
    void stoppingEndsTheWaitForPlace() {
        HostGate gate = gate("calls-in-flight=1");
        CountDownLatch done = new CountDownLatch(1);
        thread(() -> gate.pass(() -> awaited(done), true));
        await().until(() -> threads.get(0).getState() == Thread.State.WAITING);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "and the application stops");
        done.countDown();
    }

    @Test
    void noMoreCallsOfASecondThanMayBe() {
        HostGate gate = gate("calls-per-second=100");
        long start = System.nanoTime();

        passAll(gate, 12, HostGateTest::answers);

        // 10 ms each, but for the first, and the second, whose turn may begin at any moment after it.
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
    }

    @Test
    void givesUpAtOnceWhenNoTurnWillComeInTime() {
        HostGate gate = gate("calls-per-second=0.001", "patience=10s");
        gate.pass(HostGateTest::answers, true);

        assertThatExceptionOfType(PausedException.class)
                .isThrownBy(() -> gate.pass(HostGateTest::answers, true))
                .withMessage("no turn within 10.0 s among 0.001 calls a second to the API at people.test");
    }

    @Test
    void stoppingEndsTheWaitForTurn() {
        HostGate gate = gate("calls-per-second=0.01");
        gate.pass(HostGateTest::answers, true);
        AtomicReference<Throwable> end = waiting(gate);

        gate.stop();

        assertPaused(end, "and the application stops");
    }

    @Test
    void callsThatNeedNotWaitAreStillMadeWhileTheApplicationStops() {
        HostGate gate = gate("calls-in-flight=1");
        gate.stop();

        assertThat(gate.pass(HostGateTest::answers, true)).isFalse();
    }

    private static HostGate gate(String... changes) {
        List<String> settings = new ArrayList<>(List.of("colleagues.api.probe-every=10ms"));
        for (String change : changes) {
            settings.add("colleagues.api." + change);
        }
        return new HostGate(
                "people.test",
                ShippedSettings.with(settings.toArray(String[]::new)).api());
    }

    private static void passAll(HostGate gate, int times, Supplier<Exception> call) {
        for (int i = 0; i < times; i++) {
            gate.pass(call, true);
        }
    }

    /** How a call ends that has to wait, and does already. */
    private AtomicReference<Throwable> waiting(HostGate gate) {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread = thread(() -> end.set(catchThrowable(() -> gate.pass(HostGateTest::answers, true))));
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
