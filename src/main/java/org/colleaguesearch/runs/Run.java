package org.colleaguesearch.runs;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;

/**
 * One execution of one indexer. Its counts are added to by the threads that deliver its chunks, and may be read by any
 * thread at any time; its state is set by the thread that carries the run, or by a shutdown.
 */
public final class Run {
    /** How a run stands. Only a run that is COMPLETED has put its CSV files in place. */
    public enum State {
        NOT_STARTED,
        RUNNING,
        COMPLETED,
        FAILED,
        INTERRUPTED;

        /** Whether it has not ended yet. */
        public boolean isOpen() {
            return this == NOT_STARTED || this == RUNNING;
        }
    }

    private final Batch batch;
    private final String indexer;

    private final LongAdder urls = new LongAdder();
    private final LongAdder documents = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder calls = new LongAdder();

    private volatile State state = State.NOT_STARTED;
    private volatile String failure;
    private volatile long started = System.nanoTime();
    private volatile long ended;

    Run(Batch batch, String indexer) {
        this.batch = batch;
        this.indexer = indexer;
    }

    public Batch batch() {
        return batch;
    }

    public String indexer() {
        return indexer;
    }

    public State state() {
        return state;
    }

    /** Whether no new chunk is to begin: it failed, or the application stops. */
    public boolean isStopping() {
        return failure != null || batch.isStopping();
    }

    /** The number of URLs that have an outcome. */
    public long urls() {
        return urls.sum();
    }

    /** The number of URLs without a delivered section. */
    public long errors() {
        return errors.sum();
    }

    /** The number of documents that OpenSearch took. */
    public long documents() {
        return documents.sum();
    }

    /** The number of CSV rows written. */
    public long rows() {
        return rows.sum();
    }

    /** Why the run could not go on, or null. */
    public String failure() {
        return failure;
    }

    void start() {
        started = System.nanoTime();
        state = State.RUNNING;
    }

    /** Counts a chunk that has been delivered. */
    void add(ChunkOutcomes chunk, boolean indexed, boolean written) {
        for (Outcome outcome : chunk.outcomes()) {
            calls.add(outcome.attempts());
            if (outcome instanceof Fetched fetched) {
                documents.add(indexed ? 1 : 0);
                rows.add(written ? fetched.section().size() : 0);
            } else {
                errors.increment();
            }
        }
        urls.add(chunk.outcomes().size());
    }

    /**
     * Notes why the run cannot go on. Chunks in flight may each find a reason; the first one counts.
     *
     * @return whether this was the first
     */
    synchronized boolean fail(String why) {
        boolean first = failure == null;
        if (first) {
            failure = why;
            state = State.FAILED;
            ended = System.nanoTime();
        }
        return first;
    }

    /** Ends the run, when none of its chunks is in flight any more. */
    synchronized void end() {
        ended = System.nanoTime();
        if (failure == null) {
            state = batch.isStopping() ? State.INTERRUPTED : State.COMPLETED;
        }
    }

    /** How long it has taken so far, or took in all. */
    public Duration duration() {
        return Duration.ofNanos((ended == 0 ? System.nanoTime() : ended) - started);
    }

    /** One line for the log; {@code s} are seconds from the first chunk to the files in place. */
    public String summary() {
        double seconds = duration().toNanos() / 1e9;
        String counts = "run %s %s: people %d, URLs %d, documents %d, rows %d, errors %d, %.3f s, %.1f calls/s"
                .formatted(
                        indexer,
                        state.name().toLowerCase(Locale.ROOT).replace("_", " "),
                        batch.people().size(),
                        urls.sum(),
                        documents.sum(),
                        rows.sum(),
                        errors.sum(),
                        seconds,
                        calls.sum() / Math.max(seconds, 1e-9));
        return switch (state) {
            case FAILED -> counts + " (" + failure + ")";
            case INTERRUPTED -> counts + " (the application stops)";
            default -> counts;
        };
    }
}
