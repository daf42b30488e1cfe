package org.colleaguesearch.web;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the requests that are being answered at the same time and the memory that their bodies take: a request is one
 * place, and each further {@link #BLOCK} of memory one more. One key gets half of the places at most. Safe for any
 * thread: semaphores count; nobody waits for a place.
 */
final class InFlight {
    /** Bytes of the Java heap that a place stands for. */
    static final int BLOCK = 64 * 1024;

    private final Semaphore places;
    private final int mostOfKey;
    /** As many as keys. */
    private final ConcurrentHashMap<String, Semaphore> placesOfKeys = new ConcurrentHashMap<>();

    InFlight(int places) {
        this.places = new Semaphore(places);
        mostOfKey = Math.max(1, places / 2);
    }

    /** As many places as fit into a quarter of the Java heap. */
    static int placesOfHeap() {
        return (int) Math.min(1_000_000, Runtime.getRuntime().maxMemory() / 4 / BLOCK);
    }

    /** How many places nobody has. */
    int free() {
        return places.availablePermits();
    }

    /**
     * Begins a request of a key, by its name. It must be ended, whatever becomes of it.
     *
     * @throws ProblemException if there is no place
     */
    Request begin(String key) {
        Request request = new Request(placesOfKeys.computeIfAbsent(key, name -> new Semaphore(mostOfKey)));
        request.grow(1);
        return request;
    }

    /** A request that is being answered. One thread at a time has it; another may end it. */
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

        /** Gives back all it has; a second time, nothing. */
        void end() {
            int all = taken.getAndSet(0);
            places.release(all);
            placesOfKey.release(all);
        }
    }
}
