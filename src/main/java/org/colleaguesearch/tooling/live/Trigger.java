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
import org.colleaguesearch.indexing.CurrentRoutes;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;

/** A route that starts work on a schedule, timer or poll. Used only by the thread that watches the route files. */
final class Trigger {
    /** Schemes of routes that take requests. These call the current routes and are never closed. */
    private static final List<String> DOORS = List.of("rest-openapi:", "rest:", "platform-http:");

    private final CamelContext camel;
    private final Route route;
    private boolean isClosed;
    private boolean isSpent;

    /** The next time of a schedule; of a closed one, the first that it did not fire at. */
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

    /** Whether it takes requests, which only the application's own context does. */
    boolean isDoor() {
        return DOORS.stream().anyMatch(uri()::startsWith);
    }

    /** Whether it is the same route as another or consumes from the same place. */
    boolean meets(Trigger other) {
        return id().equals(other.id()) || place().equals(other.place());
    }

    private String place() {
        return uri().replaceFirst("\\?.*", "");
    }

    /** Whether it takes only work for its own edition of the routes: it stays open until there is none, beside its successor. */
    boolean isOfEdition() {
        String edition = camel.getGlobalOptions().getOrDefault(CurrentRoutes.EDITION, "");
        return !edition.isEmpty() && uri().contains(edition);
    }

    /**
     * Whether its successor has to wait for it; false for schedules, which do not wait for earlier firings either, and for
     * queues, which give each message to one of them.
     */
    boolean isBusy() {
        return !(route.getEndpoint() instanceof QuartzEndpoint)
                && !uri().startsWith("jms:")
                && (inFlight() > 0 || isPolling(route.getConsumer()));
    }

    private static boolean isPolling(Consumer consumer) {
        return switch (consumer) {
            case TimerConsumer timer -> timer.isPolling();
            case ScheduledPollConsumer poller -> poller.isPolling();
            default -> false;
        };
    }

    /** The number of exchanges in flight in its route. */
    int inFlight() {
        return camel.getInflightRepository().size(id());
    }

    /** Whether it fires a limited number of times after the start of the application. */
    private boolean isCounted() {
        return switch (route.getConsumer()) {
            case TimerConsumer timer -> timer.getRepeatCount() > 0;
            case ScheduledPollConsumer poller -> poller.getRepeatCount() > 0;
            default -> false;
        };
    }

    /** Takes over from its predecessor: an unchanged schedule neither skips a time nor fires twice. */
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
            // Triggers.begin starts the scheduler after all routes.
            Scheduler scheduler = schedule.getComponent().getScheduler();
            TriggerKey key = schedule.getTriggerKey();
            TriggerBuilder<?> trigger = scheduler.getTrigger(key).getTriggerBuilder();
            scheduler.getListenerManager().addTriggerListener(new EarlyFirings());
            scheduler.rescheduleJob(key, trigger.startAt(next).build());
        }
    }

    /** Whether it must not fire: its predecessor already had the limited number of firings. */
    boolean isSpent() {
        return isSpent;
    }

    /**
     * Stops it from starting new work, if it is open. Work in flight continues.
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
            // Stopping the consumer would lose a firing that has just begun.
            schedule.pauseTrigger();
            // Quartz removes a trigger after its last firing.
            next = Optional.ofNullable(schedule.getComponent().getScheduler().getTrigger(schedule.getTriggerKey()))
                    .map(org.quartz.Trigger::getNextFireTime)
                    .orElse(null);
        } else if (consumer instanceof TimerConsumer timer && timer.getDelay() < 0) {
            // A timer without pauses ignores suspension.
            ServiceHelper.stopService(timer);
        } else {
            ServiceHelper.suspendService(consumer);
        }
    }

    /**
     * Reverts {@link #close}.
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
