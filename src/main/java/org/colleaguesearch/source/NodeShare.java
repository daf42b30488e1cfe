package org.colleaguesearch.source;

import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * The part of each limit of an API that this node has: all of it, unless the nodes of a cluster share it. Each has an equal
 * part, and of what cannot be divided, the first nodes have one more. Only the node's own thread sets it; any thread may read
 * it, since it is replaced as a whole.
 */
@Component
public class NodeShare {
    /** Less than the silence after which the others divide the limits without this node. */
    private static final Duration VALID = Duration.ofSeconds(5);

    /** In nanoseconds: how soon a call that waits looks whether the share has changed. */
    private static final long RECHECK = Duration.ofSeconds(1).toNanos();

    private volatile Part part = new Part(0, 1, false, 0);

    /** {@code until} as System.nanoTime(), which keeps running while the process is suspended. */
    private record Part(int rank, int nodes, boolean expires, long until) {
        boolean isValid() {
            return !expires || System.nanoTime() - until < 0;
        }

        int of(int limit) {
            return limit / nodes + (rank < limit % nodes ? 1 : 0);
        }
    }

    /**
     * Sets this node's part, for a few seconds.
     *
     * @param rank of this node among the living ones, from 0
     */
    public void set(int rank, int nodes) {
        part = new Part(rank, nodes, true, System.nanoTime() + VALID.toNanos());
    }

    /** Leaves this node without a part, until the others know of it. {@link #lastKnownOf} does not change. */
    public void none() {
        Part last = part;
        part = new Part(last.rank(), last.nodes(), true, System.nanoTime());
    }

    /** The calls of a limit that this node may have in flight; 0 while it is unknown how many nodes there are. */
    public int of(int limit) {
        Part now = part;
        return now.isValid() ? now.of(limit) : 0;
    }

    /**
     * The part of a limit that does not stop this node when the ledger is unavailable: at least 1, by the last known number of
     * nodes; all of it until that is known.
     */
    public int lastKnownOf(int limit) {
        return Math.max(1, part.of(limit));
    }

    /** Whether it is known how many nodes there are. */
    boolean isKnown() {
        return part.isValid();
    }

    /** In nanoseconds; without end for the only node. */
    long changesWithin() {
        return part.expires() ? RECHECK : Long.MAX_VALUE;
    }

    /** The time between two calls of this node, in nanoseconds. */
    long nanosPerCall(double callsPerSecond) {
        return Math.round(1e9 / callsPerSecond * part.nodes());
    }
}
