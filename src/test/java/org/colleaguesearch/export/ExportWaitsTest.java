package org.colleaguesearch.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ExportWaitsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ExportWaits waits = new ExportWaits();

    @Test
    void doesNotWaitForFinishedExport() {
        waits.await("e1", LONG, () -> false);
    }

    @Test
    void endWakesAllWaitingRequests() throws InterruptedException {
        List<Thread> waiting = Stream.generate(() -> start(LONG)).limit(5).toList();
        await().until(() -> waiting.stream().allMatch(ExportWaitsTest::isWaiting));

        waits.ended("other");
        assertThat(waiting).allMatch(Thread::isAlive);
        waits.ended("e1");

        for (Thread each : waiting) {
            each.join();
        }
    }

    @Test
    void waitsNoLongerThanTheLimit() throws InterruptedException {
        start(Duration.ofMillis(50)).join();
    }

    /** The export ended after the first request began to wait, and before the second did. */
    @Test
    void requestThatFindsItFinishedWakesTheOthers() throws InterruptedException {
        Thread waiting = start(LONG);
        await().until(() -> isWaiting(waiting));

        waits.await("e1", LONG, () -> false);

        waiting.join();
    }

    /** As if the export ends between the check and the wait. */
    @Test
    void endIsNotMissed() {
        waits.await("e1", LONG, () -> {
            waits.ended("e1");
            return true;
        });
    }

    /** Nothing signals this: it had already ended when it was about to be continued. */
    @Test
    void noticesExportThatOnlySeemedToStart() {
        AtomicBoolean asked = new AtomicBoolean();

        waits.await("e1", LONG, () -> asked.compareAndSet(false, true));
    }

    @Test
    void keepsNothingAfterAWait() {
        waits.await("e1", LONG, () -> false);
        waits.await("e2", Duration.ofMillis(1), () -> true);
        AtomicBoolean asked = new AtomicBoolean();
        waits.await("e3", LONG, () -> asked.compareAndSet(false, true));
        assertThatThrownBy(() -> waits.await("e4", LONG, () -> {
                    throw new IllegalStateException("the database is down");
                }))
                .hasMessage("the database is down");

        assertThat(waits).extracting("latches", InstanceOfAssertFactories.MAP).isEmpty();
    }

    @Test
    void interruptEndsTheWait() {
        AtomicBoolean asked = new AtomicBoolean();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> waits.await("e1", LONG, () -> asked.compareAndSet(false, true)))
                .isInstanceOfSatisfying(
                        RequestRefused.class,
                        problem -> assertThat(problem.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).isTrue();
    }

    private Thread start(Duration atMost) {
        return Thread.ofVirtual().start(() -> waits.await("e1", atMost, () -> true));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }
}
