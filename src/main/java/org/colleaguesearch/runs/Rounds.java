package org.colleaguesearch.runs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.cluster.Queues;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.RunEntry;
import org.colleaguesearch.ledger.State;

/**
 * The rounds in which the chunks of a run are begun. There is one, unless all nodes of a cluster work on them: then there is
 * another one whenever chunks are lost, until all are done. Confined to the thread of the run.
 */
public final class Rounds {
    private static final Duration POLL = Duration.ofMillis(250);
    /** For long runs, whose chunks take longer to count. */
    private static final Duration POLL_MANY = Duration.ofSeconds(1);

    private static final int MANY = 10_000;
    /** From when on a run without progress is searched for lost chunks, and how often. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Run run;
    private final boolean isQueued;
    private final String edition;
    private final Ledger ledger;
    private final ChunkLedger chunks;
    private final Queues queues;
    private final DatabaseWait database;
    private boolean hasBegun;

    /** @param edition of the routes of the run */
    Rounds(
            Run run,
            boolean isQueued,
            String edition,
            Ledger ledger,
            ChunkLedger chunks,
            Queues queues,
            DatabaseWait database) {
        this.run = run;
        this.isQueued = isQueued;
        this.edition = edition;
        this.ledger = ledger;
        this.chunks = chunks;
        this.queues = queues;
        this.database = database;
    }

    /** The edition of the routes that the chunks are done with. */
    public String edition() {
        return edition;
    }

    /** Whether the nodes take the chunks from a queue. */
    public boolean isQueued() {
        return isQueued;
    }

    /** Waits until the chunks that were begun are done, or some have to be begun; false when the run is over. */
    public boolean next() {
        if (!hasBegun) {
            hasBegun = true;
            return true;
        }
        boolean isAnyLost = isQueued && awaitLost();
        // Not as a keeper that another one follows: those would be the messages of its successor.
        if (isQueued
                && !isAnyLost
                && !run.batch().isHandedOver()
                && !run.batch().isCutOff()) {
            database.untilHeld();
            // Some may have come back from nodes with former routes.
            queues.dropOthers(run.indexer(), edition);
        }
        return isAnyLost;
    }

    private boolean awaitLost() {
        boolean isAnyLost = awaitEnd();
        // Otherwise the next run of the indexer would begin while other nodes deliver chunks of this one.
        while (run.isStopping()
                && !run.batch().isHandedOver()
                && !run.batch().isCutOff()
                && database.call(() -> chunks.isInFlight(run.batch().id(), run.indexer()))) {
            pause();
        }
        return isAnyLost;
    }

    /** Whether it ended since chunks are lost. */
    private boolean awaitEnd() {
        Counts last = null;
        List<Integer> lost = List.of();
        long changed = System.nanoTime();
        while (!run.isStopping()) {
            RunEntry now = database.call(
                    () -> ledger.run(run.batch().id(), run.indexer()).orElseThrow());
            run.count(now.counts());
            if (now.state() == State.CANCELLED) {
                run.cancel(now.error());
            } else if (now.state() != State.RUNNING) {
                run.fail(now.state(), now.error());
            }
            if (now.counts().urls() >= run.batch().people().size()) {
                return false;
            }
            if (!now.counts().equals(last)) {
                last = now.counts();
                changed = System.nanoTime();
                lost = List.of();
            } else if (System.nanoTime() - changed > QUIET.toNanos()) {
                // Twice the same: a message may just be on its way to a node.
                List<Integer> before = lost;
                lost = lost();
                changed = System.nanoTime();
                if (!lost.isEmpty() && lost.equals(before)) {
                    return true;
                }
            }
            pause();
        }
        return false;
    }

    /** The chunks that are neither done, nor with a living node, nor in the queue, as after the loss of the broker. */
    private List<Integer> lost() {
        return queues.isEmpty(run.indexer(), edition)
                ? database.call(() -> chunks.unclaimed(run.batch().id(), run.indexer(), run.chunks()))
                : List.of();
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep((run.chunks() > MANY ? POLL_MANY : POLL).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PausedException("interrupted while other nodes work on the run");
        }
    }
}
