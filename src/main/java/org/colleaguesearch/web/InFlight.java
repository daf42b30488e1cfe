package org.colleaguesearch.web;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what is being answered at the same time, and with it the memory that bodies take: a request is one place, and
 * each block of its body one more. Safe for any thread; nobody waits for a place.
 */
final class InFlight {
    /** Bytes of a body that take a place. */
    static final int BLOCK = 64 * 1024;

    private final Semaphore places;

    InFlight(int places) {
        this.places = new Semaphore(places);
    }

    /** Begins a request, which is to be ended whatever becomes of it. */
    Request begin() {
        Request request = new Request();
        request.grow();
        return request;
    }

    /** A request that is being answered: one thread at a time has it. */
    final class Request {
        private final AtomicInteger taken = new AtomicInteger();

        /** Takes one place more. */
        void grow() {
            if (!places.tryAcquire()) {
                throw new ProblemException(503, "too many requests are being answered; try again")
                        .with("Retry-After", "1");
            }
            taken.incrementAndGet();
        }

        /** Gives back all it has; a second time, nothing. */
        void end() {
            places.release(taken.getAndSet(0));
        }
    }
}
