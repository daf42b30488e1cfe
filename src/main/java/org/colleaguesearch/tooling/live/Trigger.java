package org.colleaguesearch.tooling.live;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.apache.camel.component.file.GenericFileEndpoint;
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

    /** Where it has come to when it was closed, or is to go on from when it is opened; null, when from the beginning. */
    private Position position;

    /**
     * Where a clock has come to.
     *
     * @param next when it would go off next, if ever again
     * @param left how often it would, if that is counted
     */
    private record Position(Optional<Instant> next, long left) {}

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

    /** Whether what it has begun is under way, where the next time waits for it. */
    boolean isBusy() {
        return clock().filter(Clock::isSerial)
                .filter(clock -> clock.isPolling() || inFlight() > 0)
                .isPresent();
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
     * Is to go on where the same route has come to, instead of anew at each edit of any file. One that is over goes off
     * again when its route is new only.
     */
    void follow(Trigger before) {
        Clock mine = clock().orElse(null);
        Clock theirs = before.clock().orElse(null);
        if (before.position == null || mine == null || theirs == null) {
            return;
        }
        boolean isEqual = uri().equals(before.uri());
        boolean isSpent = theirs.isCounted() && before.position.left() <= 0;
        isOver = (mine.isCounted() && isSpent)
                || (isEqual && before.position.next().isEmpty());
        position = isEqual || isOver ? before.position : null;
    }

    /**
     * Lets it begin.
     *
     * @param earlier those that it meets; none is busy
     * @throws Exception when Camel cannot start it
     */
    void open(List<Trigger> earlier) throws Exception {
        earlier.forEach(this::recallFilesOf);
        if (position == null) {
            start();
        } else {
            clock().orElseThrow().start(position.next().orElseThrow(), position.left(), this::start);
        }
    }

    private void start() throws Exception {
        camel.getRouteController().startRoute(id());
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
        if (!isClosed) {
            return;
        }
        clock().ifPresentOrElse(Clock::pause, () -> ServiceHelper.suspendService(consumer));
        Instant opened = Instant.now().minusMillis(route.getUptimeMillis());
        position = clock().map(clock -> new Position(clock.next(opened, Begun.last(route)), clock.left()))
                .orElse(null);
    }

    /** Takes that back. */
    void reopen() {
        if (isClosed) {
            clock().ifPresentOrElse(Clock::resume, () -> ServiceHelper.resumeService(route.getConsumer()));
        }
        isClosed = false;
    }

    @Override
    public String toString() {
        return id();
    }
}
