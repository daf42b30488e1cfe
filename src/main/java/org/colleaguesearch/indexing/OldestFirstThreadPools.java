package org.colleaguesearch.indexing;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    /** All exports share it, and are to take turns: else a short one would wait for all of a long one before it. */
    private static final String FIRST_COME = "export-chunks";

    @Override
    public ExecutorService newThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
        return new OldestFirst(
                profile.getPoolSize(),
                profile.getKeepAliveTime(),
                profile.getTimeUnit(),
                threads,
                FIRST_COME.equals(profile.getId()));
    }

    private static final class OldestFirst extends RejectableThreadPoolExecutor {
        /** The age of the work that this thread is at; only its own thread reads or writes it. */
        private final ThreadLocal<Long> working = new ThreadLocal<>();

        private final boolean firstCome;
        private final AtomicLong works = new AtomicLong();
        private final AtomicLong tasks = new AtomicLong();

        /** With {@code firstCome} all work is taken for one, whose tasks go in the order in which they come. */
        OldestFirst(int size, long keepAlive, TimeUnit unit, ThreadFactory threads, boolean firstCome) {
            super(
                    size,
                    size,
                    keepAlive,
                    unit,
                    new PriorityBlockingQueue<>(),
                    threads,
                    new ThreadPoolExecutor.AbortPolicy());
            this.firstCome = firstCome;
            allowCoreThreadTimeOut(keepAlive > 0);
        }

        @Override
        public void execute(Runnable task) {
            Long age = working.get();
            super.execute(new Aged(
                    task,
                    firstCome ? 0 : age == null ? works.getAndIncrement() : age,
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
