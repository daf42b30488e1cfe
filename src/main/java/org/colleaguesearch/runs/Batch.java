package org.colleaguesearch.runs;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.source.RunCalls;

/** The runs started together by one trigger. Shared by the threads of its runs. */
public final class Batch implements RunCalls.Owner {
    private final String id;
    private final PeopleList people;
    private final List<Run> runs;
    private final long urlsBefore;
    /** Those that list its people. */
    private final RunCalls calls = new RunCalls();

    private volatile long listed;
    /** Why it is to stop, or null. */
    private volatile String stopping;

    private volatile boolean lost;
    private volatile boolean cutOff;
    private volatile State ended;
    private volatile State before;
    private volatile String failure;

    private Batch(String id, PeopleList people, Function<Batch, Stream<Run>> runs) {
        this.id = id;
        this.people = people;
        this.runs = runs.apply(this).toList();
        this.urlsBefore = urls();
    }

    /** A batch as the ledger has it, with the runs that it still is to do and those that are done. */
    static Batch of(String id, PeopleList people, List<RunEntry> runs) {
        return new Batch(id, people, batch -> runs.stream().map(run -> Run.of(batch, run)));
    }

    /** A batch that has ended, of which some completed runs are opened again, to call their failed URLs. */
    static Batch ofRetry(BatchEntry entry, PeopleList people, List<RunEntry> runs, Predicate<RunEntry> again) {
        Batch batch = new Batch(
                entry.id(),
                people,
                of -> runs.stream().map(run -> again.test(run) ? Run.ofRetry(of, run) : Run.of(of, run)));
        batch.before = entry.state();
        batch.failure = entry.error();
        batch.endListing();
        return batch;
    }

    /** The time it began, in UTC and sortable as text: {@code 20261123T020000000Z}. */
    public String id() {
        return id;
    }

    public PeopleList people() {
        return people;
    }

    /** All its runs, also those that an earlier start of the application has done. */
    public List<Run> runs() {
        return runs;
    }

    /** The runs that are to be done, or done further. */
    public List<Run> pending() {
        return runs.stream().filter(run -> !run.state().isFinal()).toList();
    }

    /** The run of an indexer, which the batch has. */
    public Run run(String indexer) {
        return runs.stream()
                .filter(run -> run.indexer().equals(indexer))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public RunCalls calls() {
        return calls;
    }

    /** Ends the listing of people for whom no run is left to be done. */
    void endCallsWithoutRuns() {
        if (pending().isEmpty()) {
            calls.cancel();
        }
    }

    boolean isStopping() {
        return stopping != null;
    }

    /** Why it is to stop, or null. */
    String stopReason() {
        return stopping;
    }

    /** No new chunk begins; the first reason counts. */
    void stop(String why) {
        if (stopping == null) {
            stopping = why;
        }
    }

    /**
     * Another instance has taken over the ledger, and may do this batch: nothing of it is written here any more, and its
     * calls end, those in flight, too.
     */
    void lose(String why) {
        stop(why);
        lost = true;
        cutOff = true;
        pending().forEach(run -> run.fail(State.PAUSED, why));
        // Sockets are closed in another thread: this one has a lease to look after.
        Thread.startVirtualThread(() -> {
            calls.drop();
            runs.forEach(run -> run.calls().drop());
        });
    }

    /** Notes that an outage of the database has cut off something of it, which is to be continued after the outage. */
    void noteCutOff() {
        cutOff = true;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /**
     * Refuses to write for a batch that is lost, also when the lease is back: by then it may be open again.
     *
     * @throws PausedException when it is lost
     */
    void checkOwned() {
        if (lost) {
            throw new PausedException(stopping);
        }
    }

    /** Notes why the batch as a whole cannot go on. */
    void end(State state, String reason) {
        ended = state;
        failure = reason;
    }

    /** Notes that all people are listed. */
    void endListing() {
        listed = System.nanoTime();
    }

    /** Whether all people are listed. */
    public boolean isListed() {
        return listed != 0;
    }

    /** How long its people have been listed, or known from before; zero until then. */
    Duration elapsed() {
        return listed == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - listed);
    }

    /** The number of URLs that will have an outcome. */
    long expectedUrls() {
        return (long) people.size() * runs.size();
    }

    /** The number of URLs that have an outcome. */
    long urls() {
        return runs.stream().mapToLong(run -> run.counts().urls()).sum();
    }

    /** Those of them that got it since the application started. */
    long urlsSinceStart() {
        return urls() - urlsBefore;
    }

    long errors() {
        return runs.stream().mapToLong(run -> run.counts().errors()).sum();
    }

    /** Why the batch as a whole could not go on, or null. */
    public String failure() {
        return failure;
    }

    /** How it stands: worse than COMPLETED if it, or one of its runs, is. */
    public State state() {
        if (ended != null) {
            return ended;
        }
        return runs.stream()
                .map(Run::state)
                .filter(state -> state != State.COMPLETED)
                .map(state -> state.isFinal() ? state : State.PAUSED)
                .min(State::compareTo)
                .orElse(State.COMPLETED);
    }

    /**
     * How the ledger is to have it. One whose failed URLs are called again stays as it was: whatever comes of it, each of
     * these has its outcome, and can be retried again.
     */
    State kept() {
        return before == null ? state() : before;
    }

    /** 0: every outcome was delivered; 1: some URLs failed; 2: the batch could not be done. */
    public int exitCode() {
        if (runs.isEmpty() || state() != State.COMPLETED) {
            return 2;
        }
        return errors() > 0 ? 1 : 0;
    }
}
