package org.colleaguesearch.web;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the number of requests in flight and the memory of their bodies: a request takes one place, and another for each
 * {@link #BLOCK} of memory. A key gets at most half of the places. Requests do not wait for a place. Thread-safe.
 */
final class InFlight {
    /** Bytes of the Java heap per place. */
    static final int BLOCK = 64 * 1024;

    private final Semaphore places;
    private final int maxPlacesOfKey;
    /** One semaphore per key. */
    private final ConcurrentHashMap<String, Semaphore> placesOfKeys = new ConcurrentHashMap<>();

    InFlight(int places) {
        this.places = new Semaphore(places);
        maxPlacesOfKey = Math.max(1, places / 2);
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
     * Begins a request of the key with this name. The caller must always end it.
     *
     * @throws ProblemException if no place is free
     */
    Request begin(String key) {
        Request request = new Request(placesOfKeys.computeIfAbsent(key, name -> new Semaphore(maxPlacesOfKey)));
        request.grow(1);
        return request;
    }

    /** A request in flight. One thread at a time uses it; any thread may end it. */
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
         * @throws ProblemException if too few are free
         */
        void take(long bytes) {
            memory += bytes;
            int missing = (int) (1 + memory / BLOCK) - taken.get();
            if (missing > 0) {
                grow(missing);
            }
        }

        private void grow(int more) {
            if (taken.get() + more > maxPlacesOfKey) {
                throw new ProblemException(
                        413, "this server has too little memory for the body; send a smaller one, or split it");
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
