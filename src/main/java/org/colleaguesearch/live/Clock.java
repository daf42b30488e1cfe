package org.colleaguesearch.live;

import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.support.ScheduledPollEndpoint;

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

    /** Changes what it is started with. */
    void set(long delay, long repeatCount);

    /** From now to the next time, when it was started so long ago. */
    default long untilNext(long age) {
        long since = age - delay(age);
        return since < 0 || period() <= 0 ? Math.max(0, -since) : period() - since % period();
    }

    /** That of an endpoint, if it has one. */
    static Optional<Clock> of(Endpoint endpoint) {
        return switch (endpoint) {
            case TimerEndpoint timer -> Optional.of(new OfTimer(timer));
            case ScheduledPollEndpoint poller -> Optional.of(new OfPoller(poller));
            default -> Optional.empty();
        };
    }

    /** Of {@code timer:}. */
    record OfTimer(TimerEndpoint endpoint) implements Clock {
        @Override
        public long delay(long age) {
            return endpoint.getTime() == null
                    ? endpoint.getDelay()
                    : Math.max(0, endpoint.getTime().toInstant().toEpochMilli() - System.currentTimeMillis() + age);
        }

        @Override
        public long period() {
            return endpoint.getPeriod();
        }

        @Override
        public long repeatCount() {
            return endpoint.getRepeatCount();
        }

        @Override
        public void set(long delay, long repeatCount) {
            endpoint.setTime(null);
            endpoint.setDelay(delay);
            endpoint.setRepeatCount(repeatCount);
        }
    }

    /** Of {@code file:}, {@code scheduler:}, and whatever else looks for something now and then. */
    record OfPoller(ScheduledPollEndpoint endpoint) implements Clock {
        @Override
        public long delay(long age) {
            return endpoint.getTimeUnit().toMillis(endpoint.getInitialDelay());
        }

        @Override
        public long period() {
            return endpoint.getTimeUnit().toMillis(endpoint.getDelay());
        }

        @Override
        public long repeatCount() {
            return endpoint.getRepeatCount();
        }

        @Override
        public void set(long delay, long repeatCount) {
            endpoint.setInitialDelay(endpoint.getTimeUnit().convert(Duration.ofMillis(delay)));
            endpoint.setRepeatCount(repeatCount);
        }
    }
}
