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
 * Creates the pools of {@code camel.threadpool.config}, which serve older work first.
 *
 * <p>Several chunks share the pool of an indexer. With a first-in, first-out queue they take turns, so chunks that
 * started together finish together, and the pool idles until their last calls return. Here the oldest chunk has the pool
 * to itself until all its calls are in flight; then the next one fills the gaps.
 *
 * <p>A task submitted by a thread of the pool belongs to the work of the task that the thread is running, since a splitter
 * submits the next part from within the previous one. A task from any other thread is new work.
 *
 * <p>A task runs with the log context (MDC) of the thread that submitted it.
 *
 * <p>Pools have a fixed size ({@code pool-size}) and an unbounded queue: a splitter queues at most two tasks, so the queue
 * is bounded by the number of splits in flight, which the pool of chunks bounds.
 */
@Component
class OldestFirstThreadPools extends DefaultThreadPoolFactory {
    /** One pool for each export, so that none waits for the threads of another whose host may be down. */
    private static final Set<String> OF_EACH_EXPORT = Set.of("export-chunks", "exports");

    @Override
    public ExecutorService newThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        if (profile.getPoolSize() == 0) {
            // Not one of ours: of a component of Camel, which creates threads when it needs them.
            return super.newThreadPool(profile, threads);
        }
        return OF_EACH_EXPORT.contains(profile.getId())
                ? new PoolOfEachBatch(() -> oldestFirst(profile, threads))
                : oldestFirst(profile, threads);
    }

    private static OldestFirst oldestFirst(ThreadPoolProfile profile, ThreadFactory threads) {
        return new OldestFirst(profile.getPoolSize(), profile.getKeepAliveTime(), profile.getTimeUnit(), threads);
    }

    private static final class OldestFirst extends RejectableThreadPoolExecutor {
        /** The age of the work that a thread is running. */
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
     * A pool for each batch, which the log context (MDC) of the submitting thread names. It exists while a task of the
     * batch is running or queued. Safe for any thread: the map creates, uses and shuts down each pool atomically.
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
     * A task, ordered by the start of its work, then by its submission.
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
