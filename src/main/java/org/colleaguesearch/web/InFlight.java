package org.colleaguesearch.web;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the number of requests in flight and the memory of their bodies: a request takes one place, and one more for
 * each {@link #BLOCK} of memory. A key gets half of the places at most. Nobody waits for a place. Safe for any thread.
 */
final class InFlight {
    /** Bytes of the Java heap that a place stands for. */
    static final int BLOCK = 64 * 1024;

    private final Semaphore places;
    private final int mostOfKey;
    /** One for each key. */
    private final ConcurrentHashMap<String, Semaphore> placesOfKeys = new ConcurrentHashMap<>();

    InFlight(int places) {
        this.places = new Semaphore(places);
        mostOfKey = Math.max(1, places / 2);
    }

    /** As many places as fit into a quarter of the Java heap. */
    static int placesOfHeap() {
        return (int) Math.min(1_000_000, Runtime.getRuntime().maxMemory() / 4 / BLOCK);
    }

    /** The number of free places. */
    int free() {
        return places.availablePermits();
    }

    /**
     * Begins a request of the key with this name. The caller must end it in any case.
     *
     * @throws ProblemException if there is no place
     */
    Request begin(String key) {
        Request request = new Request(placesOfKeys.computeIfAbsent(key, name -> new Semaphore(mostOfKey)));
        request.grow(1);
        return request;
    }

    /** A request in flight. Used by one thread at a time; any thread may end it. */
    final class Request {
        private final Semaphore placesOfKey;
        private final AtomicInteger taken = new AtomicInteger();
        private long memory;

        private Request(Semaphore placesOfKey) {
            this.placesOfKey = placesOfKey;
        }

        /**
         * Takes the places for more memory, in bytes.
         *
         * @throws ProblemException if there are too few
         */
        void take(long bytes) {
            memory += bytes;
            int missing = (int) (1 + memory / BLOCK) - taken.get();
            if (missing > 0) {
                grow(missing);
            }
        }

        private void grow(int more) {
            if (taken.get() + more > mostOfKey) {
                throw new ProblemException(
                        413, "this server has too little memory for the body; send a smaller one, or several");
            }
            if (!placesOfKey.tryAcquire(more)) {
                throw new ProblemException(429, "this key has too many requests in flight; try again")
                        .with("Retry-After", "1");
            }
            if (!places.tryAcquire(more)) {
                placesOfKey.release(more);
                throw new ProblemException(503, "too many requests in flight; try again").with("Retry-After", "1");
            }
            taken.addAndGet(more);
        }

        /** Releases its places; calling it again does nothing. */
        void end() {
            int all = taken.getAndSet(0);
            places.release(all);
            placesOfKey.release(all);
        }
    }
}
