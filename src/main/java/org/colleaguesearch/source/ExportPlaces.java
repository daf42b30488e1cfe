package org.colleaguesearch.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.colleaguesearch.failure.PausedException;

/**
 * Divides the concurrent calls of all exports among API keys and hosts. No key and no host gets all places: the more it
 * holds, the more must be free for it to get another, and the last one goes to a key and a host that hold none. Among
 * the calls that may have a place, the key with the fewest goes first, then the call that has waited longest.
 *
 * <p>Thread-safe: the lock guards the fields below it, and no call is made under it. Every wait ends by the patience,
 * an interrupt, the cancellation of the run, or the stop of the application.
 */
final class ExportPlaces {
    /** How many times the places still free for others a key or host may hold: of 10 places, 8. */
    private static final int SHARE = 4;

    private final int places;
    private final boolean hasSeveralHosts;
    private final Duration patience;

    private final ReentrantLock lock = new ReentrantLock();
    /** In order of arrival. */
    private final List<Waiting> waiting = new ArrayList<>();

    private final Map<String, Integer> ofKeys = new HashMap<>();
    private final Map<String, Integer> ofHosts = new HashMap<>();
    private int free;
    private boolean stopping;

    /**
     * @param hasSeveralHosts whether exports may call more than one host; otherwise no place is kept for other hosts
     */
    ExportPlaces(int places, boolean hasSeveralHosts, Duration patience) {
        this.places = places;
        this.hasSeveralHosts = hasSeveralHosts;
        this.patience = patience;
        this.free = places;
    }

    /** The places for calls of one API key to one host. */
    Share of(String key, String host) {
        return new Share(this, key, host);
    }

    /** See {@link #of}. */
    record Share(ExportPlaces places, String key, String host) {
        /**
         * Waits for a place, which must be given back.
         *
         * @throws PausedException when the wait exceeds the patience, the run is cancelled, or the application stops
         */
        void take(RunCalls run) {
            places.take(this, run);
        }

        void giveBack() {
            places.giveBack(this);
        }

        /** Makes all waiting calls check again whether to wait. */
        void wake() {
            places.wake();
        }
    }

    private static final class Waiting {
        private final Share share;
        private final Condition changed;
        private boolean hasPlace;

        Waiting(Share share, Condition changed) {
            this.share = share;
            this.changed = changed;
        }
    }

    private void take(Share share, RunCalls run) {
        lock.lock();
        Waiting me = new Waiting(share, lock.newCondition());
        try {
            waiting.add(me);
            give();
            long deadline = System.nanoTime() + patience.toNanos();
            while (!me.hasPlace) {
                run.checkWait();
                checkWait(share, deadline);
                long unused = me.changed.awaitNanos(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            if (me.hasPlace) {
                put(share);
            }
            throw HostGate.interrupted("the API at " + share.host());
        } finally {
            waiting.remove(me);
            lock.unlock();
        }
    }

    private void checkWait(Share share, long deadline) {
        if (stopping) {
            throw HostGate.stopping("the API at " + share.host());
        }
        if (System.nanoTime() - deadline >= 0) {
            throw new PausedException("waited %s for one of the %d concurrent calls of exports"
                    .formatted(HostGate.seconds(patience), places));
        }
    }

    private void giveBack(Share share) {
        lock.lock();
        try {
            put(share);
        } finally {
            lock.unlock();
        }
    }

    private void put(Share share) {
        free++;
        ofKeys.computeIfPresent(share.key(), (key, held) -> held == 1 ? null : held - 1);
        ofHosts.computeIfPresent(share.host(), (host, held) -> held == 1 ? null : held - 1);
        give();
    }

    /** Gives the free places to the waiting calls that may have one. */
    private void give() {
        for (Waiting next = next(); next != null; next = next()) {
            free--;
            ofKeys.merge(next.share.key(), 1, Integer::sum);
            ofHosts.merge(next.share.host(), 1, Integer::sum);
            waiting.remove(next);
            next.hasPlace = true;
            next.changed.signal();
        }
    }

    private Waiting next() {
        return waiting.stream()
                .filter(each -> mayHaveOneMore(each.share))
                .min(Comparator.comparingInt(each -> ofKeys.getOrDefault(each.share.key(), 0)))
                .orElse(null);
    }

    private boolean mayHaveOneMore(Share share) {
        int most = SHARE * (free - 1);
        return ofKeys.getOrDefault(share.key(), 0) <= most
                && (!hasSeveralHosts || ofHosts.getOrDefault(share.host(), 0) <= most);
    }

    private void wake() {
        lock.lock();
        try {
            waiting.forEach(each -> each.changed.signal());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits. */
    void stop() {
        lock.lock();
        try {
            stopping = true;
            waiting.forEach(each -> each.changed.signal());
        } finally {
            lock.unlock();
        }
    }
}
