package org.colleaguesearch.tooling.live;

import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;

/**
 * A route that starts work by itself: on a schedule, a timer, or by polling. Only the thread that watches the route files
 * uses it.
 */
final class Trigger {
    /** Where requests come in: they call the current routes, so these are never closed. */
    private static final List<String> DOORS = List.of("rest-openapi:", "rest:", "platform-http:");

    private final CamelContext camel;
    private final Route route;
    private boolean isClosed;
    private boolean isSpent;

    /** When a schedule fires next: of one that is closed, the time that it has not fired at. */
    private Date next;

    Trigger(CamelContext camel, Route route) {
        this.camel = camel;
        this.route = route;
    }

    String id() {
        return route.getRouteId();
    }

    private String uri() {
        return route.getEndpoint().getEndpointUri();
    }

    /** Whether it is a door, which only the application's own context opens. */
    boolean isDoor() {
        return DOORS.stream().anyMatch(uri()::startsWith);
    }

    /** Whether it polls the same place as another, or is the same route. */
    boolean meets(Trigger other) {
        return id().equals(other.id()) || place().equals(other.place());
    }

    private String place() {
        return uri().replaceFirst("\\?.*", "");
    }

    /** Whether the same route of the next generation has to wait: not for a schedule, whose times do not wait either. */
    boolean isBusy() {
        return !(route.getEndpoint() instanceof QuartzEndpoint) && (inFlight() > 0 || isPolling(route.getConsumer()));
    }

    private static boolean isPolling(Consumer consumer) {
        return switch (consumer) {
            case TimerConsumer timer -> timer.isPolling();
            case ScheduledPollConsumer poller -> poller.isPolling();
            default -> false;
        };
    }

    /** How many exchanges of its route are in flight. */
    int inFlight() {
        return camel.getInflightRepository().size(id());
    }

    /** Whether it fires a number of times after the start of the application, and then no more. */
    private boolean isCounted() {
        return switch (route.getConsumer()) {
            case TimerConsumer timer -> timer.getRepeatCount() > 0;
            case ScheduledPollConsumer poller -> poller.getRepeatCount() > 0;
            default -> false;
        };
    }

    /** Takes the place of the same route of the generation before: no time of an equal schedule is left out or fires twice. */
    void follow(Trigger before) {
        boolean isEqual = uri().equals(before.uri());
        next = isEqual ? before.next : null;
        isSpent = isCounted()
                ? before.isClosed || before.isSpent
                : isEqual && (before.isSpent || before.hasNoMoreTimes());
    }

    /** Whether it is a schedule that was closed after its last time. */
    private boolean hasNoMoreTimes() {
        return isClosed && next == null && route.getEndpoint() instanceof QuartzEndpoint;
    }

    /**
     * Starts it.
     *
     * @throws Exception when Camel cannot start it
     */
    void open() throws Exception {
        camel.getRouteController().startRoute(id());
        if (next != null && route.getEndpoint() instanceof QuartzEndpoint schedule) {
            // Its scheduler is started after all routes, see Triggers.begin.
            Scheduler scheduler = schedule.getComponent().getScheduler();
            TriggerKey key = schedule.getTriggerKey();
            TriggerBuilder<?> trigger = scheduler.getTrigger(key).getTriggerBuilder();
            scheduler.rescheduleJob(key, trigger.startAt(next).build());
        }
    }

    /** Whether it is not to fire again, since it fires a number of times only and its route is not new. */
    boolean isSpent() {
        return isSpent;
    }

    /**
     * Lets it start nothing any more, if it has been opened. What it has started continues.
     *
     * @throws Exception when the store of schedules fails
     */
    void close() throws Exception {
        Consumer consumer = route.getConsumer();
        isClosed = ServiceHelper.isStarted(consumer);
        if (!isClosed) {
            return;
        }
        if (route.getEndpoint() instanceof QuartzEndpoint schedule) {
            // Its consumer is not stopped: what has just fired would be lost.
            schedule.pauseTrigger();
            // Quartz removes a trigger after its last time.
            next = Optional.ofNullable(schedule.getComponent().getScheduler().getTrigger(schedule.getTriggerKey()))
                    .map(org.quartz.Trigger::getNextFireTime)
                    .orElse(null);
        } else if (consumer instanceof TimerConsumer timer && timer.getDelay() < 0) {
            // Without pauses, it does not heed that it is suspended.
            ServiceHelper.stopService(timer);
        } else {
            ServiceHelper.suspendService(consumer);
        }
    }

    /**
     * Takes that back.
     *
     * @throws Exception when the store of schedules fails
     */
    void reopen() throws Exception {
        if (!isClosed) {
            return;
        }
        isClosed = false;
        if (route.getEndpoint() instanceof QuartzEndpoint schedule) {
            schedule.resumeTrigger();
        } else if (route.getConsumer() instanceof TimerConsumer timer && timer.getDelay() < 0) {
            ServiceHelper.startService(timer);
        } else {
            ServiceHelper.resumeService(route.getConsumer());
        }
    }

    @Override
    public String toString() {
        return id();
    }
}
