package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;
import org.apache.camel.util.concurrent.RejectableThreadPoolExecutor;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Makes the pools of {@code camel.threadpool.config} such that work begun earlier goes first.
 *
 * <p>Several chunks share the pool of an indexer. With a first-in, first-out queue they take turns, so chunks that
 * began together end together: the pool runs dry until their last calls are back, again and again. Here the oldest
 * chunk has the pool to itself until all its calls are under way, and then the next one fills the gaps.
 *
 * <p>A task that a pool's own thread submits is of the same work as the task that thread is running, since a splitter
 * schedules the next part from within the part before; a task from outside is new work.
 *
 * <p>A task also logs in the context (MDC) of the thread that submitted it, which its own thread does not keep.
 *
 * <p>Pools are of fixed size ({@code pool-size}) and have no queue limit of their own: a splitter has two tasks queued
 * at most, so the queue is bounded by the splits under way, which are bounded by the pool of chunks.
 */
@Component
class OldestFirstThreadPools extends DefaultThreadPoolFactory {
    /** No export is to wait for the threads of another, which may wait for a host that is down. */
    private static final Set<String> OF_EACH_EXPORT = Set.of("export-chunks", "exports");

    @Override
    public ExecutorService newThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        return OF_EACH_EXPORT.contains(profile.getId())
                ? new PoolOfEachBatch(() -> oldestFirst(profile, threads))
                : oldestFirst(profile, threads);
    }

    private static OldestFirst oldestFirst(ThreadPoolProfile profile, ThreadFactory threads) {
        return new OldestFirst(profile.getPoolSize(), profile.getKeepAliveTime(), profile.getTimeUnit(), threads);
    }

    private static final class OldestFirst extends RejectableThreadPoolExecutor {
        /** The age of the work that this thread is at; only its own thread reads or writes it. */
        private final ThreadLocal<Long> working = new ThreadLocal<>();

        private final AtomicLong works = new AtomicLong();
        private final AtomicLong tasks = new AtomicLong();

        OldestFirst(int size, long keepAlive, TimeUnit unit, ThreadFactory threads) {
            super(
                    size,
                    size,
                    keepAlive,
                    unit,
                    new PriorityBlockingQueue<>(),
                    threads,
                    new ThreadPoolExecutor.AbortPolicy());
            allowCoreThreadTimeOut(keepAlive > 0);
        }

        @Override
        public void execute(Runnable task) {
            Long age = working.get();
            super.execute(new Aged(
                    task,
                    age == null ? works.getAndIncrement() : age,
                    tasks.getAndIncrement(),
                    MDC.getCopyOfContextMap()));
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            Aged aged = (Aged) task;
            working.set(aged.work());
            if (aged.logContext() != null) {
                MDC.setContextMap(aged.logContext());
            }
        }

        @Override
        protected void afterExecute(Runnable task, Throwable failure) {
            working.remove();
            MDC.clear();
        }
    }

    /**
     * A pool for each batch, by what the thread that submits a task logs for (MDC), for as long as a task of that batch
     * runs or waits. Any thread may submit: the map makes, uses and ends each pool in one step.
     */
    private static final class PoolOfEachBatch extends AbstractExecutorService {
        private final Supplier<OldestFirst> newPool;
        private final ConcurrentHashMap<String, BatchPool> pools = new ConcurrentHashMap<>();
        private volatile boolean isShutdown;

        PoolOfEachBatch(Supplier<OldestFirst> newPool) {
            this.newPool = newPool;
        }

        private record BatchPool(OldestFirst threads, int tasks) {}

        @Override
        public void execute(Runnable task) {
            String batch = Objects.requireNonNullElse(MDC.get("batch"), "");
            pools.compute(batch, (id, known) -> {
                if (isShutdown) {
                    throw new RejectedExecutionException("the pool is shut down");
                }
                BatchPool pool = known == null ? new BatchPool(newPool.get(), 0) : known;
                pool.threads().execute(() -> {
                    try {
                        task.run();
                    } finally {
                        ended(id);
                    }
                });
                return new BatchPool(pool.threads(), pool.tasks() + 1);
            });
        }

        private void ended(String batch) {
            pools.computeIfPresent(batch, (id, pool) -> {
                if (pool.tasks() > 1) {
                    return new BatchPool(pool.threads(), pool.tasks() - 1);
                }
                pool.threads().shutdown();
                return null;
            });
        }

        @Override
        public void shutdown() {
            isShutdown = true;
            pools.values().forEach(pool -> pool.threads().shutdown());
        }

        @Override
        public List<Runnable> shutdownNow() {
            isShutdown = true;
            return pools.values().stream()
                    .flatMap(pool -> pool.threads().shutdownNow().stream())
                    .toList();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown
                    && pools.values().stream().allMatch(pool -> pool.threads().isTerminated());
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            long end = System.nanoTime() + unit.toNanos(timeout);
            for (BatchPool pool : pools.values()) {
                if (!pool.threads().awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return false;
                }
            }
            return isTerminated();
        }
    }

    /**
     * A task, ordered by when its work began, then by when it was submitted.
     *
     * @param logContext the MDC of the thread that submitted it, or null
     */
    private record Aged(Runnable task, long work, long number, Map<String, String> logContext)
            implements Runnable, Comparable<Aged> {
        @Override
        public void run() {
            task.run();
        }

        @Override
        public int compareTo(Aged other) {
            return work != other.work ? Long.compare(work, other.work) : Long.compare(number, other.number);
        }
    }
}
