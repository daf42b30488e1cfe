package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.source.ExportPlaces.Share;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ExportPlacesTest {
    private final RunCalls run = new RunCalls();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();

    @AfterEach
    void endThreads() {
        threads.forEach(Thread::interrupt);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "4,3", "10,8", "100,80"})
    void keepsPlacesForOtherKeys(int places, int most) {
        ExportPlaces all = places(places);
        takeMany(all.of("greedy", "a.test"), places);

        await().until(() -> taken.size() == most && waiting() == places - most);
        if (most < places) {
            all.of("modest", "b.test").take(run);
        }
    }

    /** Even when many keys call the failing host. */
    @Test
    void keepsPlacesForOtherHosts() {
        ExportPlaces all = places(10);
        for (int key = 0; key < 10; key++) {
            takeMany(all.of("key" + key, "dead.test"), 3);
        }
        await().until(() -> waiting() + taken.size() == 30);
        assertThat(taken).hasSize(8);

        all.of("modest", "healthy.test").take(run);
    }

    @Test
    void keepsNoPlaceForOtherHostsIfThereAreNone() {
        ExportPlaces all = new ExportPlaces(10, false, Duration.ofMinutes(1));

        for (int i = 0; i < 8; i++) {
            all.of("greedy", "a.test").take(run);
        }
        all.of("modest", "a.test").take(run);
        all.of("another", "a.test").take(run);
    }

    @Test
    void keyWithTheFewestPlacesGoesFirst() {
        ExportPlaces all = places(4);
        Share greedy = all.of("greedy", "a.test");
        takeMany(greedy, 10);
        await().until(() -> waiting() == 7);
        Share last = all.of("modest", "b.test");
        last.take(run);
        takeMany(all.of("third", "c.test"), 1);
        await().until(() -> waiting() == 8);

        last.giveBack();

        await().until(() -> taken.contains("third"));
        assertThat(taken).containsOnlyOnce("third").hasSize(4);
    }

    @Test
    void freedPlaceGoesToTheLongestWaitingCall() {
        ExportPlaces all = places(1);
        Share share = all.of("key", "a.test");
        share.take(run);
        for (int i = 0; i < 5; i++) {
            String name = "call " + i;
            int before = i;
            await().until(() -> waiting() == before);
            threads.add(Thread.ofPlatform().start(() -> {
                share.take(run);
                taken.add(name);
                share.giveBack();
            }));
        }
        await().until(() -> waiting() == 5);

        share.giveBack();

        await().until(() -> taken.size() == 5);
        assertThat(taken).containsExactly("call 0", "call 1", "call 2", "call 3", "call 4");
    }

    @Test
    void cancelStopAndPatienceEndTheWait() {
        ExportPlaces all = new ExportPlaces(1, true, Duration.ofMinutes(1));
        all.of("key", "a.test").take(run);
        RunCalls cancelled = new RunCalls();
        AtomicReference<Throwable> first = waiting(all, cancelled);
        AtomicReference<Throwable> second = waiting(all, new RunCalls());

        cancelled.cancel();
        all.of("key", "a.test").wake();
        await().until(() -> first.get() != null);
        assertThat(first.get()).isInstanceOf(PausedException.class).hasMessage("the run is cancelled");
        assertThat(second.get()).isNull();

        all.stop();
        await().until(() -> second.get() != null);
        assertThat(second.get())
                .isInstanceOf(PausedException.class)
                .hasMessageStartingWith("the application is stopping");

        ExportPlaces impatient = new ExportPlaces(1, true, Duration.ofMillis(10));
        impatient.of("key", "a.test").take(run);
        assertThat(catchThrowable(() -> impatient.of("other", "b.test").take(run)))
                .isInstanceOf(PausedException.class)
                .hasMessage("waited 0.01 s for one of the 1 concurrent calls of exports");
    }

    private AtomicReference<Throwable> waiting(ExportPlaces places, RunCalls calls) {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread = Thread.ofPlatform()
                .start(() -> end.set(
                        catchThrowable(() -> places.of("other", "b.test").take(calls))));
        threads.add(thread);
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return end;
    }

    private static ExportPlaces places(int count) {
        return new ExportPlaces(count, true, Duration.ofMinutes(1));
    }

    private void takeMany(Share share, int times) {
        for (int i = 0; i < times; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                // Threads that still wait at the end of the test are interrupted.
                if (catchThrowable(() -> share.take(run)) == null) {
                    taken.add(share.key());
                }
            }));
        }
    }

    private long waiting() {
        return threads.stream()
                .filter(thread -> thread.getState() == Thread.State.TIMED_WAITING)
                .count();
    }
}
