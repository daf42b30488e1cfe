package org.colleaguesearch.tooling.live;

import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.component.timer.TimerEndpoint;
import org.apache.camel.support.service.ServiceHelper;

/** Of {@code timer:}. */
record TimerClock(TimerConsumer consumer) implements Clock {
    @Override
    public Optional<Instant> next(Instant opened, Optional<Instant> begun) {
        if (isEndless()) {
            return Optional.of(Instant.now());
        }
        if (begun.isPresent()) {
            return begun.filter(last -> consumer.getPeriod() > 0).map(last -> last.plusMillis(consumer.getPeriod()));
        }
        Date time = consumer.getEndpoint().getTime();
        return Optional.of(time == null ? opened.plusMillis(consumer.getDelay()) : time.toInstant());
    }

    /** {@code timer:x?delay=-1} goes off without a pause, and does not heed that it is suspended. */
    private boolean isEndless() {
        return consumer.getDelay() < 0;
    }

    @Override
    public void pause() {
        if (isEndless()) {
            ServiceHelper.stopService(consumer);
        } else {
            ServiceHelper.suspendService(consumer);
        }
    }

    @Override
    public void resume() {
        if (isEndless()) {
            ServiceHelper.startService(consumer);
        } else {
            ServiceHelper.resumeService(consumer);
        }
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
        if (!isEndless()) {
            TimerEndpoint timer = consumer.getEndpoint();
            timer.setTime(null);
            timer.setDelay(Clock.millisTo(next));
            timer.setRepeatCount(isCounted() ? left : 0);
        }
        start.route();
    }
}
