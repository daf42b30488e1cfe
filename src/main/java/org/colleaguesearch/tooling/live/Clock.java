package org.colleaguesearch.tooling.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.component.quartz.QuartzConsumer;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.support.ScheduledPollConsumer;

/** What a route goes off by again and again: a timer, a poller as that of files, a schedule. */
sealed interface Clock permits TimerClock, PollerClock, ScheduleClock {
    /** Starts a route. */
    interface Start {
        void route() throws Exception;
    }

    /**
     * When it would have gone off next, asked when it goes no more; nothing, if never again.
     *
     * @param opened when it was started
     * @param begun when it went off last, if it has
     */
    Optional<Instant> next(Instant opened, Optional<Instant> begun);

    /** Lets it go off no more. What it has begun goes on. */
    void pause();

    /** Takes that back. */
    void resume();

    /** How often it goes off; not above 0 for without end. */
    long repeatCount();

    /** How often it has. */
    long counter();

    /** Whether it goes off so many times only. */
    default boolean isCounted() {
        return repeatCount() > 0;
    }

    /** How often it is still to, if so. */
    default long left() {
        return repeatCount() - counter();
    }

    /** Whether one time waits for the end of the one before. */
    boolean isSerial();

    /** Whether it is at it, in its own thread. */
    boolean isPolling();

    /**
     * Starts its route so that it goes on from where an equal one was.
     *
     * @param next when that would have gone off next; at once, when this is past
     * @param left of that
     * @throws Exception when the route does not start
     */
    void start(Instant next, long left, Start start) throws Exception;

    /** That of a route's consumer, if it has one. */
    static Optional<Clock> of(Consumer consumer) {
        return switch (consumer) {
            case TimerConsumer timer -> Optional.of(new TimerClock(timer));
            case ScheduledPollConsumer poller -> Optional.of(new PollerClock(poller));
            case QuartzConsumer schedule -> Optional.of(new ScheduleClock(schedule.getEndpoint()));
            default -> Optional.empty();
        };
    }

    /** From now on, not below 0. */
    static long millisTo(Instant next) {
        return Math.max(0, Duration.between(Instant.now(), next).toMillis());
    }
}
