package org.colleaguesearch.runs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.RunCalls;

/**
 * One execution of one indexer, from its first chunk to its last, in however many starts of the application. Its counts
 * are added to by the threads that deliver its chunks, and may be read by any thread at any time; its state is set, under
 * its lock, by the thread that carries the run, by those whose chunk fails, or by one that cancels it.
 */
public final class Run implements RunCalls.Owner {
    private final Batch batch;
    private final String indexer;
    private final int chunkSize;
    private final boolean isRetry;
    private final boolean hasEndedBefore;
    private final AtomicReference<Counts> counts;
    private final RunCalls calls = new RunCalls();

    private volatile State state;
    private volatile String failure;
    private volatile long callsBefore;
    private volatile long started = System.nanoTime();
    private volatile long ended = started;

    private Run(Batch batch, RunEntry entry, State state, boolean isRetry) {
        this.batch = batch;
        this.indexer = entry.indexer();
        this.chunkSize = entry.chunkSize();
        this.counts = new AtomicReference<>(entry.counts());
        this.callsBefore = entry.counts().calls();
        this.state = state;
        this.isRetry = isRetry;
        this.hasEndedBefore = state.isFinal();
    }

    /** A run as the ledger has it. */
    static Run of(Batch batch, RunEntry entry) {
        return new Run(batch, entry, entry.state(), false);
    }

    /** A completed run whose failed URLs are to be called again. */
    static Run ofRetry(Batch batch, RunEntry entry) {
        return new Run(batch, entry, State.NOT_STARTED, true);
    }

    public Batch batch() {
        return batch;
    }

    public String indexer() {
        return indexer;
    }

    @Override
    public RunCalls calls() {
        return calls;
    }

    /** The number of people a chunk. */
    int chunkSize() {
        return chunkSize;
    }

    /** Whether all its chunks are done, and only its failed URLs are called again. */
    boolean isRetry() {
        return isRetry;
    }

    public State state() {
        return state;
    }

    /** Whether no new chunk is to begin: it cannot go on, or the application stops. */
    public boolean isStopping() {
        return failure != null || batch.isStopping();
    }

    /** Whether it had ended before its batch was opened this time, to be continued or retried. */
    public boolean hasEndedBefore() {
        return hasEndedBefore;
    }

    /** Whether it is completed without an error: there is nothing to continue, and nothing to retry. */
    public boolean isClean() {
        return state == State.COMPLETED && counts().errors() == 0;
    }

    /** What became of its URLs so far. */
    public Counts counts() {
        return counts.get();
    }

    /** How many chunks it has in all, done or not; they count from 1. */
    int chunks() {
        return Math.ceilDiv(batch.people().size(), chunkSize);
    }

    /** The people of a chunk, in order. */
    List<Person> peopleOf(int chunk) {
        return batch.people().read((chunk - 1) * chunkSize, chunkSize);
    }

    /** Whether its failed URLs are being called again. */
    boolean isRetryUnderWay() {
        return isRetry && !state.isFinal() && failure == null;
    }

    /** Whether someone cancelled it, for good. */
    public boolean isCancelled() {
        return state == State.CANCELLED;
    }

    /**
     * Goes on.
     *
     * @param before what became of the URLs of its chunks that are done
     */
    synchronized void start(Counts before) {
        counts.set(before);
        callsBefore = before.calls();
        started = System.nanoTime();
        calls.begin();
        // Not where it was cancelled meanwhile.
        if (failure == null) {
            ended = 0;
            state = State.RUNNING;
        }
    }

    /** Counts a chunk that has been delivered. */
    void add(Counts chunk) {
        counts.accumulateAndGet(chunk, Counts::plus);
    }

    /**
     * Notes why the run cannot go on. Chunks in flight may each find a reason; the first one counts.
     *
     * @param as PAUSED if it is to be continued later, else FAILED
     * @return whether this was the first
     */
    synchronized boolean fail(State as, String why) {
        boolean first = failure == null;
        if (first) {
            failure = why;
            state = as;
            ended = System.nanoTime();
        }
        return first;
    }

    /**
     * Notes that someone cancelled it, whatever else has stopped it: no new chunk begins, those in flight end, and their
     * calls no longer wait. A retry only pauses, since the run is completed.
     */
    void cancel(String why) {
        synchronized (this) {
            failure = why;
            state = isRetry ? State.PAUSED : State.CANCELLED;
            ended = System.nanoTime();
        }
        calls.cancel();
        batch.endCallsWithoutRuns();
    }

    /** Ends the run, when none of its chunks is in flight any more. */
    synchronized void end() {
        ended = System.nanoTime();
        if (failure == null) {
            state = batch.isStopping() ? State.PAUSED : State.COMPLETED;
        }
    }

    /** Why it is not completed, or null. */
    public String failure() {
        return failure == null && state == State.PAUSED ? batch.stopReason() : failure;
    }

    /** How long it has taken so far, or took in all, since it last started. */
    public Duration duration() {
        return Duration.ofNanos((ended == 0 ? System.nanoTime() : ended) - started);
    }

    /**
     * One line for the log; {@code s} are seconds from the first chunk to the files in place, and calls are counted,
     * since the run last started.
     */
    public String summary() {
        Counts all = counts();
        double seconds = duration().toNanos() / 1e9;
        String line = "run %s %s: people %d, URLs %d, documents %d, rows %d, errors %d, %.3f s, %.1f calls/s"
                .formatted(
                        indexer,
                        state,
                        batch.people().size(),
                        all.urls(),
                        all.documents(),
                        all.rows(),
                        all.errors(),
                        seconds,
                        (all.calls() - callsBefore) / Math.max(seconds, 1e-9));
        return switch (state) {
            case PAUSED ->
                line + " (" + failure() + "; "
                        + (isRetry ? "retry it again" : "it goes on at the next start or trigger") + ")";
            case FAILED, CANCELLED -> line + " (" + failure() + ")";
            default -> line;
        };
    }
}
