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
    private final boolean isFull;
    private final long urlsBefore;
    /** The calls that list its people. */
    private final RunCalls calls = new RunCalls();

    private volatile long listed;
    /** The reason to stop, or null. */
    private volatile String stopping;

    private volatile boolean lost;
    private volatile boolean handedOver;
    private volatile boolean cutOff;
    private volatile State ended;
    private volatile State before;
    private volatile String failure;
    private volatile int heldPeople;
    private volatile boolean isRemoval;

    private Batch(String id, PeopleList people, boolean isFull, Function<Batch, Stream<Run>> runs) {
        this.id = id;
        this.people = people;
        this.isFull = isFull;
        this.runs = runs.apply(this).toList();
        this.urlsBefore = urls();
    }

    /** A batch as recorded in the ledger, with its pending and its finished runs. */
    static Batch of(String id, PeopleList people, List<RunEntry> runs) {
        return of(id, people, runs, false);
    }

    /** {@code isFull}: whether it reads and delivers everything, changed or not. */
    static Batch of(String id, PeopleList people, List<RunEntry> runs, boolean isFull) {
        return new Batch(id, people, isFull, batch -> runs.stream().map(run -> Run.of(batch, run)));
    }

    /** A finished batch, some of whose completed runs are reopened to retry their failed URLs, or to release what they hold. */
    static Batch ofRetry(
            BatchEntry entry, PeopleList people, List<RunEntry> runs, Predicate<RunEntry> again, Run.Kind kind) {
        Batch batch = new Batch(
                entry.id(),
                people,
                entry.isFull(),
                of -> runs.stream().map(run -> again.test(run) ? Run.reopened(of, run, kind) : Run.of(of, run)));
        batch.before = entry.state();
        batch.failure = entry.error();
        batch.endListing();
        return batch;
    }

    /** A finished batch that is reopened to remove the people whose removal is held. None of its runs is pending. */
    static Batch ofRemoval(BatchEntry entry, PeopleList people, List<RunEntry> runs) {
        Batch batch = ofRetry(entry, people, runs, run -> false, Run.Kind.RELEASE);
        batch.isRemoval = true;
        return batch;
    }

    /** Its start time in UTC, sortable as text: {@code 20261123T020000000Z}. */
    public String id() {
        return id;
    }

    public PeopleList people() {
        return people;
    }

    /** Whether it reads and delivers everything, changed or not. */
    boolean isFull() {
        return isFull;
    }

    /** All its runs, including those that finished before the application restarted. */
    public List<Run> runs() {
        return runs;
    }

    /** The runs to start or continue. */
    public List<Run> pending() {
        return runs.stream().filter(run -> !run.state().isFinal()).toList();
    }

    /** The run of an indexer of this batch. */
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

    /** Cancels the listing of people when no run is left to use it. */
    void endCallsWithoutRuns() {
        if (pending().isEmpty()) {
            calls.cancel();
        }
    }

    boolean isStopping() {
        return stopping != null;
    }

    /** The reason to stop, or null. */
    String stopReason() {
        return stopping;
    }

    /** Lets no new chunk start. The first reason is kept. */
    void stop(String why) {
        if (stopping == null) {
            stopping = why;
        }
    }

    /**
     * Gives the batch up: another instance has taken over the ledger and may run it. Nothing more is written for it
     * here, and its calls are aborted, including those in flight.
     */
    void lose(String why) {
        stop(why);
        lost = true;
        cutOff = true;
        pending().forEach(run -> run.fail(State.PAUSED, why));
        // Closing sockets can block, and the calling thread must renew the lease.
        Thread.startVirtualThread(() -> {
            calls.drop();
            runs.forEach(run -> run.calls().drop());
        });
    }

    /** Stops the batch here, so that another node continues it as it is in the ledger. Chunks in flight end here. */
    void handOver(String why) {
        stop(why);
        handedOver = true;
    }

    boolean isHandedOver() {
        return handedOver;
    }

    /** Records that a database outage interrupted the batch, so that it is resumed after the outage. */
    void noteCutOff() {
        cutOff = true;
    }

    boolean isCutOff() {
        return cutOff;
    }

    /**
     * Refuses to write for a lost batch, even when the lease is back: the batch may have been reopened.
     *
     * @throws PausedException when it is lost
     */
    void checkOwned() {
        if (lost) {
            throw new PausedException(stopping);
        }
    }

    /** Records why the batch as a whole cannot continue. */
    void end(State state, String reason) {
        ended = state;
        failure = reason;
    }

    /** Records that all people are listed. */
    void endListing() {
        listed = System.nanoTime();
    }

    /** Whether all people are listed. */
    public boolean isListed() {
        return listed != 0;
    }

    /** The time since its people were listed or, after a restart, loaded; zero until then. */
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

    /** The number of URLs that got an outcome since the application started. */
    long urlsSinceStart() {
        return urls() - urlsBefore;
    }

    long errors() {
        return runs.stream().mapToLong(run -> run.counts().errors()).sum();
    }

    /** The number of URLs whose outcome is held. */
    long held() {
        return runs.stream().mapToLong(run -> run.counts().held()).sum();
    }

    /** Whether it is reopened to remove the people whose removal is held. */
    public boolean isRemoval() {
        return isRemoval;
    }

    /** Records that this number of people would be removed, and are held. */
    public void holdPeople(int number) {
        heldPeople = number;
    }

    /** Why the batch as a whole could not continue, or null. */
    public String failure() {
        return failure;
    }

    /** The state of the batch as a whole if it was ended early, otherwise the worst of its runs. */
    public State state() {
        if (ended != null) {
            return ended;
        }
        return runs.stream()
                .map(Run::state)
                .filter(state -> !state.isCompleted())
                .map(state -> state.isFinal() ? state : State.PAUSED)
                .min(State::compareTo)
                .orElse(State.COMPLETED);
    }

    /**
     * The state to record in the ledger. A retried batch keeps its state: however the retry ends, each of its URLs has
     * an outcome and can be retried again.
     */
    State kept() {
        return before == null ? state() : before;
    }

    /** 0: every outcome was delivered; 1: some URLs failed, or their outcome is held; 2: the batch did not complete. */
    public int exitCode() {
        if (runs.isEmpty() || state() != State.COMPLETED) {
            return 2;
        }
        return errors() + held() + heldPeople > 0 ? 1 : 0;
    }
}
