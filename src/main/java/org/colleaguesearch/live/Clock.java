package org.colleaguesearch.live;

import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.support.ScheduledPollConsumer;

/** When a timer goes off, or a poller as that of files: once one time has ended, it waits for the next. All in ms. */
sealed interface Clock {
    /**
     * From its start to the first time.
     *
     * @param age how long ago it was started
     */
    long delay(long age);

    /** From one time to the next; not above 0 when there is one only. */
    long period();

    /** How often it goes off; not above 0 for without end. */
    long repeatCount();

    /** How often it has gone off since its start. */
    long counter();

    /** Whether it is at it, in its own thread. */
    boolean isPolling();

    /** Changes what it is going to be started with. */
    void set(long delay, long repeatCount);

    /** Is to go on counting where an equal one has come to, which was started so long ago. */
    default void goOnFrom(Clock other, long age) {
        set(other.untilNext(age), other.left());
    }

    /** From now to the next time, when it was started so long ago; below 0 for one that goes off without a pause. */
    default long untilNext(long age) {
        long since = age - delay(age);
        if (delay(age) < 0) {
            return delay(age);
        }
        return since < 0 || period() <= 0 ? Math.max(0, -since) : period() - since % period();
    }

    /** How often it is still to go off; meaningless when that is without end. */
    default long left() {
        return repeatCount() - counter();
    }

    /** That of a route's consumer, if it has one. */
    static Optional<Clock> of(Consumer consumer) {
        return switch (consumer) {
            case TimerConsumer timer -> Optional.of(new OfTimer(timer));
            case ScheduledPollConsumer poller -> Optional.of(new OfPoller(poller));
            default -> Optional.empty();
        };
    }

    /** Of {@code timer:}. */
    record OfTimer(TimerConsumer consumer) implements Clock {
        @Override
        public long delay(long age) {
            TimerEndpoint timer = consumer.getEndpoint();
            return timer.getTime() == null
                    ? timer.getDelay()
                    : Math.max(0, timer.getTime().toInstant().toEpochMilli() - System.currentTimeMillis() + age);
        }

        @Override
        public long period() {
            return consumer.getPeriod();
        }

        @Override
        public long repeatCount() {
            return consumer.getRepeatCount();
        }

        @Override
        public long counter() {
            return consumer.getCounter();
        }

        @Override
        public boolean isPolling() {
            return consumer.isPolling();
        }

        @Override
        public void set(long delay, long repeatCount) {
            TimerEndpoint timer = consumer.getEndpoint();
            timer.setTime(null);
            timer.setDelay(delay);
            timer.setRepeatCount(repeatCount);
        }
    }

    /** Of {@code file:}, {@code scheduler:}, and whatever else looks for something now and then. */
    record OfPoller(ScheduledPollConsumer consumer) implements Clock {
        @Override
        public long delay(long age) {
            return consumer.getTimeUnit().toMillis(consumer.getInitialDelay());
        }

        @Override
        public long period() {
            return consumer.getTimeUnit().toMillis(consumer.getDelay());
        }

        @Override
        public long repeatCount() {
            return consumer.getRepeatCount();
        }

        @Override
        public long counter() {
            return consumer.getCounter();
        }

        @Override
        public boolean isPolling() {
            return consumer.isPolling();
        }

        @Override
        public void set(long delay, long repeatCount) {
            consumer.setInitialDelay(consumer.getTimeUnit().convert(Duration.ofMillis(delay)));
            consumer.setRepeatCount(repeatCount);
        }
    }
}
