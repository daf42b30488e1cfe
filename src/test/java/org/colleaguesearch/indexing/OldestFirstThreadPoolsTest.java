package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.spi.ThreadPoolProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(30)
class OldestFirstThreadPoolsTest {
    private final List<ExecutorService> pools = new ArrayList<>();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void endPools() {
        pools.forEach(ExecutorService::shutdownNow);
    }

    @Test
    void runsPartsOfOlderWorkBeforeNewerWorkThatWaitsLonger() throws Exception {
        ExecutorService pool = pool(1);
        CountDownLatch othersWait = new CountDownLatch(1);
        pool.execute(() -> {
            await(othersWait);
            // As a splitter does: the next part of the same work is submitted from within the part before.
            pool.execute(() -> {
                done.add("old 2");
                pool.execute(() -> done.add("old 3"));
            });
            done.add("old 1");
        });
        pool.execute(() -> {
            pool.execute(() -> done.add("newer 2"));
            done.add("newer 1");
        });
        pool.execute(() -> done.add("newest"));
        othersWait.countDown();
        await(pool, 6);

        assertThat(done).containsExactly("old 1", "old 2", "old 3", "newer 1", "newer 2", "newest");
    }

    @Test
    void logsInTheContextOfWhoeverSubmittedTheTask() throws Exception {
        ExecutorService pool = pool(1);
        MDC.put("chunk", "7");
        try {
            pool.execute(() -> {
                // The next part of the same work.
                pool.execute(() -> done.add("next part " + MDC.get("chunk")));
                done.add("task " + MDC.get("chunk"));
                MDC.put("other", "left behind");
            });
        } finally {
            MDC.remove("chunk");
        }
        pool.execute(() -> done.add("another's " + MDC.getCopyOfContextMap()));
        await(pool, 3);

        assertThat(done).containsExactly("task 7", "next part 7", "another's {}");
    }

    @Test
    void runsNewWorkInTheOrderItCame() throws Exception {
        ExecutorService pool = pool(1);
        CountDownLatch allWait = new CountDownLatch(1);
        pool.execute(() -> await(allWait));
        for (int i = 0; i < 20; i++) {
            String name = "work " + i;
            pool.execute(() -> done.add(name));
        }
        allWait.countDown();
        await(pool, 20);

        assertThat(done).startsWith("work 0", "work 1", "work 2").endsWith("work 18", "work 19");
    }

    @Test
    void takesWorkFromThreadsOfOtherPoolsAsNew() throws Exception {
        ExecutorService pool = pool(1);
        ExecutorService other = pool(1);
        CountDownLatch allWait = new CountDownLatch(1);
        CountDownLatch submitted = new CountDownLatch(1);
        pool.execute(() -> await(allWait));
        pool.execute(() -> done.add("first"));
        other.execute(() -> {
            pool.execute(() -> done.add("second"));
            submitted.countDown();
        });
        await(submitted);
        pool.execute(() -> done.add("third"));
        allWait.countDown();
        await(pool, 3);

        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void hasItsSizeOfThreadsHoweverMuchWaits() throws Exception {
        ExecutorService pool = pool(3);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch threeAtOnce = new CountDownLatch(3);
        for (int i = 0; i < 200; i++) {
            pool.execute(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                threeAtOnce.countDown();
                await(threeAtOnce);
                done.add("x");
                running.decrementAndGet();
            });
        }
        await(pool, 200);

        assertThat(most).hasValue(3);
    }

    /** Exports: one whose threads all wait holds up no other. */
    @Test
    void batchesHaveThreadsOfTheirOwn() throws Exception {
        ExecutorService pool = pool("exports", 2);
        CountDownLatch down = new CountDownLatch(1);
        AtomicInteger waiting = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            executeFor("b1", pool, () -> {
                waiting.incrementAndGet();
                await(down);
                done.add("waited");
            });
        }
        org.awaitility.Awaitility.await().until(() -> waiting.get() == 2);

        for (int i = 0; i < 5; i++) {
            executeFor("b2", pool, () -> pool.execute(() -> done.add("next part of " + MDC.get("batch"))));
        }
        org.awaitility.Awaitility.await().until(() -> done.size() == 5);

        assertThat(waiting).hasValue(2);
        assertThat(done).containsOnly("next part of b2");
        down.countDown();
        await(pool, 15);
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void poolOfBatchesGoesOnAfterTaskThatFailedAndEndsItsThreads() throws Exception {
        ExecutorService pool = pool("export-chunks", 1);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 20; i++) {
            // As a future, since Awaitility takes an exception that nobody catches for the test's.
            executeFor("b" + i, pool, new FutureTask<>(() -> {
                threads.add(Thread.currentThread());
                throw new IllegalStateException("expected by this test");
            }));
        }
        org.awaitility.Awaitility.await()
                .until(() -> threads.size() == 20 && threads.stream().noneMatch(Thread::isAlive));

        executeFor("b1", pool, () -> done.add("after"));

        await(pool, 1);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executeFor("b1", pool, () -> {}));
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void executeFor(String batch, ExecutorService pool, Runnable task) {
        MDC.put("batch", batch);
        try {
            pool.execute(task);
        } finally {
            MDC.remove("batch");
        }
    }

    @Test
    void goesOnAfterTaskThatFailed() throws Exception {
        ExecutorService pool = pool(1);
        Future<?> unused = pool.submit(() -> {
            throw new IllegalStateException("expected by this test");
        });
        pool.execute(() -> done.add("after"));
        await(pool, 1);

        assertThat(done).containsExactly("after");
    }

    @Test
    void refusesWorkAfterShutdown() {
        ExecutorService pool = pool(1);
        pool.shutdown();

        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> pool.execute(() -> {}));
    }

    private ExecutorService pool(int size) {
        return pool("test", size);
    }

    private ExecutorService pool(String name, int size) {
        ThreadPoolProfile profile = new ThreadPoolProfile(name);
        profile.setPoolSize(size);
        profile.setKeepAliveTime(60L);
        profile.setTimeUnit(TimeUnit.SECONDS);
        ExecutorService pool = new OldestFirstThreadPools().newThreadPool(profile, Executors.defaultThreadFactory());
        pools.add(pool);
        return pool;
    }

    private void await(ExecutorService pool, int tasks) {
        org.awaitility.Awaitility.await().until(() -> done.size() == tasks);
        pool.shutdown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
