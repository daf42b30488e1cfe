package org.colleaguesearch.routes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.awaitility.Awaitility;

/** Stands in for a slow call: holds whoever comes until it is opened, and counts how many it holds at once. */
final class Door implements Processor {
    private static final Duration LONG_ENOUGH_FOR_ONE_MORE = Duration.ofMillis(200);

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger passed = new AtomicInteger();
    private final LongAccumulator most = new LongAccumulator(Math::max, 0);
    private final Processor behind;

    Door(Processor behind) {
        this.behind = behind;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        most.accumulate(held.incrementAndGet());
        try {
            if (!open.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not open the door");
            }
            behind.process(exchange);
            passed.incrementAndGet();
        } finally {
            held.decrementAndGet();
        }
    }

    /** Waits until this many are held, and sees that no more come. */
    void awaitHeld(int count) {
        Awaitility.await().until(() -> held.get() >= count);
        Awaitility.await().during(LONG_ENOUGH_FOR_ONE_MORE).until(() -> held.get() == count);
    }

    void awaitOneHeld() {
        Awaitility.await().until(() -> held.get() > 0);
    }

    void open() {
        open.countDown();
    }

    /** The most that were ever held at once. */
    long most() {
        return most.get();
    }

    int passed() {
        return passed.get();
    }
}
