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
 * One execution of one indexer, from its first chunk to its last, across restarts of the application. The threads that
 * deliver its chunks add to its counts; any thread may read them. Its state is set under its lock: by the thread of the
 * run, by threads whose chunk fails, or by one that cancels it.
 */
public final class Run implements RunCalls.Owner {
    /** What a run does. */
    enum Kind {
        FIRST,
        /** Calls the failed URLs of a completed run again. */
        RETRY,
        /** Delivers the outcomes that a completed run holds. */
        RELEASE
    }

    private final Batch batch;
    private final String indexer;
    private final int chunkSize;
    private final Kind kind;
    private final boolean hasEndedBefore;
    private final AtomicReference<Counts> counts;
    private final RunCalls calls = new RunCalls();

    private volatile State state;
    private volatile String failure;
    private volatile String index;
    private volatile long callsBefore;
    private volatile long started = System.nanoTime();
    private volatile long ended = started;

    private Run(Batch batch, RunEntry entry, State state, Kind kind) {
        this.batch = batch;
        this.indexer = entry.indexer();
        this.chunkSize = entry.chunkSize();
        this.counts = new AtomicReference<>(entry.counts());
        this.callsBefore = entry.counts().calls();
        this.state = state;
        this.kind = kind;
        this.hasEndedBefore = state.isFinal();
    }

    /** A run as recorded in the ledger. */
    static Run of(Batch batch, RunEntry entry) {
        return new Run(batch, entry, entry.state(), Kind.FIRST);
    }

    /** A completed run that is opened again. */
    static Run reopened(Batch batch, RunEntry entry, Kind kind) {
        return new Run(batch, entry, State.NOT_STARTED, kind);
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

    /** The number of people per chunk. */
    int chunkSize() {
        return chunkSize;
    }

    /** Whether this is a completed run that was opened again. */
    boolean isAgain() {
        return kind != Kind.FIRST;
    }

    /** Whether this is a completed run whose failed URLs are retried. */
    boolean isRetry() {
        return kind == Kind.RETRY;
    }

    /** Whether this is a completed run that delivers what it holds. */
    boolean isRelease() {
        return kind == Kind.RELEASE;
    }

    public State state() {
        return state;
    }

    /** Whether no new chunk may start: the run cannot continue, or the application is stopping. */
    public boolean isStopping() {
        return failure != null || batch.isStopping();
    }

    /** Whether it was final before its batch was opened this time, to be resumed or retried. */
    public boolean hasEndedBefore() {
        return hasEndedBefore;
    }

    /** Whether it completed without errors and holds nothing: nothing is left to resume, retry or release. */
    public boolean isClean() {
        return state == State.COMPLETED && counts().errors() == 0;
    }

    /** What became of its URLs so far. */
    public Counts counts() {
        return counts.get();
    }

    /** The total number of chunks, done or not; they are numbered from 1. */
    int chunks() {
        return Math.ceilDiv(batch.people().size(), chunkSize);
    }

    /** The people of a chunk, in order. */
    List<Person> peopleOf(int chunk) {
        return batch.people().read((chunk - 1) * chunkSize, chunkSize);
    }

    /** Whether it was opened again and has not ended. */
    boolean isAgainUnderWay() {
        return isAgain() && !state.isFinal() && failure == null;
    }

    /** Whether someone cancelled it. */
    public boolean isCancelled() {
        return state == State.CANCELLED;
    }

    /**
     * Starts or continues the run.
     *
     * @param before the counts of its finished chunks
     */
    synchronized void start(Counts before) {
        counts.set(before);
        callsBefore = before.calls();
        started = System.nanoTime();
        calls.begin();
        // It may have been cancelled meanwhile.
        if (failure == null) {
            ended = 0;
            state = State.RUNNING;
        }
    }

    /** Records the UUID of the index that it is delivered to; null for none, or if that is unknown. */
    void deliverTo(String uuid) {
        index = uuid;
    }

    /** The UUID of the index that it is delivered to; null for none, or if that is unknown. */
    String index() {
        return index;
    }

    /** Takes the counts that the ledger has of the chunks of all nodes. */
    void count(Counts all) {
        counts.set(all);
    }

    /** Adds the counts of a delivered chunk. */
    void add(Counts chunk) {
        counts.accumulateAndGet(chunk, Counts::plus);
    }

    /**
     * Records why the run cannot continue. Several chunks in flight may fail; the first reason is kept.
     *
     * @param as PAUSED if it is to be resumed later, otherwise the final state
     * @return whether this was the first
     */
    synchronized boolean fail(State as, String reason) {
        boolean first = failure == null;
        if (first) {
            failure = reason;
            state = as;
            ended = System.nanoTime();
        }
        return first;
    }

    /**
     * Cancels the run, even if something else has stopped it: no new chunk starts, those in flight finish, and their
     * calls no longer wait. One that was opened again only pauses, because the run is completed.
     */
    void cancel(String reason) {
        synchronized (this) {
            failure = reason;
            state = isAgain() ? State.PAUSED : State.CANCELLED;
            ended = System.nanoTime();
        }
        calls.cancel();
        batch.endCallsWithoutRuns();
    }

    /** Ends the run, once none of its chunks is in flight. */
    synchronized void end() {
        ended = System.nanoTime();
        if (failure == null) {
            boolean holds = counts().held() > 0;
            state = batch.isStopping() ? State.PAUSED : holds ? State.HELD : State.COMPLETED;
        }
    }

    /** Why it did not complete, or null. */
    public String failure() {
        return failure == null && state == State.PAUSED ? batch.stopReason() : failure;
    }

    /** The time since it last started, up to its end or now. */
    public Duration duration() {
        return Duration.ofNanos((ended == 0 ? System.nanoTime() : ended) - started);
    }

    /**
     * One line for the log. Seconds (from the first chunk until the files are in place) and calls are counted since the
     * run last started.
     */
    public String summary() {
        Counts all = counts();
        double seconds = duration().toNanos() / 1e9;
        String line = "run %s %s: people %d, URLs %d, documents %d, rows %d, errors %d%s%s, %.3f s, %.1f calls/s"
                .formatted(
                        indexer,
                        state,
                        batch.people().size(),
                        all.urls(),
                        all.documents(),
                        all.rows(),
                        all.errors(),
                        all.unchanged() == 0 ? "" : ", unchanged " + all.unchanged(),
                        all.held() == 0 ? "" : ", held " + all.held(),
                        seconds,
                        (all.calls() - callsBefore) / Math.max(seconds, 1e-9));
        return switch (state) {
            case PAUSED ->
                line + " (" + failure() + "; " + (isAgain() ? "retry again" : "resumes at the next start or trigger")
                        + ")";
            case FAILED, CANCELLED -> line + " (" + failure() + ")";
            default -> line;
        };
    }
}
