package org.colleaguesearch.live;

import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;

/**
 * A route that begins by itself: by a clock, or by what it finds somewhere. Only the thread that looks after the files
 * uses it.
 */
final class Trigger {
    /** Where requests come in: they go on to the generation of the day, so these are never closed. */
    private static final List<String> DOORS = List.of("rest-openapi:", "rest:", "platform-http:");

    private final CamelContext camel;
    private final Route route;
    private boolean isOver;
    private boolean isClosed;

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

    /** Whether it looks in the same place as another, or is the same route. */
    boolean meets(Trigger other) {
        return id().equals(other.id()) || place().equals(other.place());
    }

    private String place() {
        return uri().replaceFirst("\\?.*", "");
    }

    /**
     * Whether what it has begun is under way, where the next waits for it. Others, as a schedule, do not wait for their
     * own, either.
     */
    boolean isBusy() {
        return clock().filter(clock -> clock.isPolling() || inFlight() > 0).isPresent();
    }

    private Optional<Clock> clock() {
        return Clock.of(route.getConsumer());
    }

    /** How much of what it has begun is under way. */
    int inFlight() {
        return camel.getInflightRepository().size(id());
    }

    /** Whether it has gone off as often as it is to. */
    boolean isOver() {
        return isOver;
    }

    /**
     * Lets it begin.
     *
     * @param earlier those that it meets; none is busy
     * @throws Exception when Camel cannot start it
     */
    void open(List<Trigger> earlier) throws Exception {
        earlier.forEach(this::recallFilesOf);
        camel.getRouteController().startRoute(id());
    }

    /** How long ago it was opened, in ms; 0 when it was not. */
    private long age() {
        return route.getUptimeMillis();
    }

    /**
     * Is to go on where the clock of the same route has come to, instead of anew at each edit of any file. One that is over
     * goes off again when its route is new only.
     *
     * @param earlier those that it meets, the latest last
     */
    void follow(List<Trigger> earlier) {
        earlier.stream()
                .filter(trigger -> id().equals(trigger.id()) && (trigger.isOver || trigger.age() > 0))
                .reduce((one, later) -> later)
                .ifPresent(this::goOnFrom);
    }

    private void goOnFrom(Trigger before) {
        Clock mine = clock().orElse(null);
        Clock theirs = before.clock().orElse(null);
        if (mine == null || theirs == null) {
            return;
        }
        isOver = mine.repeatCount() > 0 && theirs.repeatCount() > 0 && (before.isOver || theirs.left() <= 0);
        if (!isOver && uri().equals(before.uri())) {
            mine.goOnFrom(theirs, before.age());
        }
    }

    /** A file that stays where it is is not found again, for all that is known of it is in memory. */
    private void recallFilesOf(Trigger other) {
        if (route.getEndpoint() instanceof GenericFileEndpoint<?> mine
                && other.route.getEndpoint() instanceof GenericFileEndpoint<?> theirs
                && mine.getIdempotentRepository() instanceof MemoryIdempotentRepository found
                && theirs.getIdempotentRepository() instanceof MemoryIdempotentRepository before) {
            before.getCache().keySet().forEach(found::add);
        }
    }

    /** Lets nothing begin by it any more, if it has been opened. What has begun goes on. */
    void close() {
        Consumer consumer = route.getConsumer();
        isClosed = ServiceHelper.isStarted(consumer);
        if (isClosed && isEndless()) {
            ServiceHelper.stopService(consumer);
        } else if (isClosed) {
            ServiceHelper.suspendService(consumer);
        }
    }

    /** Takes that back. */
    void reopen() {
        if (isClosed && isEndless()) {
            ServiceHelper.startService(route.getConsumer());
        } else if (isClosed) {
            ServiceHelper.resumeService(route.getConsumer());
        }
        isClosed = false;
    }

    /** Of {@code timer:x?delay=-1}, which goes off without a pause, and does not heed that it is suspended. */
    private boolean isEndless() {
        return route.getConsumer() instanceof TimerConsumer timer && timer.getDelay() < 0;
    }

    @Override
    public String toString() {
        return id();
    }
}
