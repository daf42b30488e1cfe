package org.colleaguesearch.tooling.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceHelper;

/** Of {@code file:}, {@code scheduler:}, and whatever else looks for something now and then. */
record PollerClock(ScheduledPollConsumer consumer) implements Clock {
    @Override
    public Optional<Instant> next(Instant opened, Optional<Instant> begun) {
        return Optional.of(begun.map(last -> last.plus(time(consumer.getDelay())))
                .orElseGet(() -> opened.plus(time(consumer.getInitialDelay()))));
    }

    private Duration time(long units) {
        return Duration.of(units, consumer.getTimeUnit().toChronoUnit());
    }

    @Override
    public void pause() {
        ServiceHelper.suspendService(consumer);
    }

    @Override
    public void resume() {
        ServiceHelper.resumeService(consumer);
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
    public boolean isSerial() {
        return true;
    }

    @Override
    public boolean isPolling() {
        return consumer.isPolling();
    }

    @Override
    public void start(Instant next, long left, Start start) throws Exception {
        consumer.setInitialDelay(consumer.getTimeUnit().convert(Duration.ofMillis(Clock.millisTo(next))));
        consumer.setRepeatCount(isCounted() ? left : 0);
        start.route();
    }
}
