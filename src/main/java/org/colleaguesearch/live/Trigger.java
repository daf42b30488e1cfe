package org.colleaguesearch.live;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;

/**
 * A route that begins by itself: by a clock, or by what it finds somewhere. Only the thread that looks after the files
 * uses it.
 */
final class Trigger {
    /** Where requests come in: they go on to the generation of the day, so these are never closed. */
    private static final List<String> DOORS = List.of("rest-openapi:", "rest:", "platform-http:");

    /** What only routes of the same generation send to. */
    private static final List<String> INNER = List.of("direct:", "seda:");

    private final CamelContext camel;
    private final String route;
    private final String uri;
    private final String source;
    private boolean isOver;

    private Trigger(CamelContext camel, RouteDefinition definition) {
        this.camel = camel;
        this.route = definition.getRouteId();
        this.uri = uri(camel, definition);
        this.source =
                definition.getResource() == null ? "" : definition.getResource().getLocation();
    }

    /** Of a route that is made from a template, with its parameters. */
    private static String uri(CamelContext camel, RouteDefinition definition) {
        PropertiesComponent placeholders = camel.getPropertiesComponent();
        Properties parameters = new Properties();
        parameters.putAll(Objects.requireNonNullElse(definition.getTemplateParameters(), Map.of()));
        placeholders.setLocalProperties(parameters);
        try {
            return camel.resolvePropertyPlaceholders(definition.getEndpointUrl());
        } finally {
            placeholders.setLocalProperties(null);
        }
    }

    /** Those among the routes of a context, and the doors. */
    static List<Trigger> in(CamelContext camel) {
        return definitions(camel).stream()
                .map(definition -> new Trigger(camel, definition))
                .filter(trigger -> INNER.stream().noneMatch(trigger.uri::startsWith))
                .toList();
    }

    /** Whether it is a door, which only the application's own context opens. */
    boolean isDoor() {
        return DOORS.stream().anyMatch(uri::startsWith);
    }

    /** Whether it is of a file, given relative to the folder that the routes' copy has or is in. */
    boolean isIn(Path file) {
        return Path.of(source.replaceFirst("^file:", "")).endsWith(file);
    }

    private static List<RouteDefinition> definitions(CamelContext camel) {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
    }

    /** Keeps it from beginning at the context's start, and says whether it would have. */
    boolean hold() {
        RouteDefinition definition = definitions(camel).stream()
                .filter(each -> each.getRouteId().equals(route))
                .findFirst()
                .orElseThrow();
        String excluded = camel.getAutoStartupExcludePattern();
        boolean isToStart = !"false".equals(definition.getAutoStartup())
                && (excluded == null || !PatternHelper.matchPatterns(route, excluded.split(",")));
        definition.setAutoStartup("false");
        return isToStart;
    }

    /**
     * Goes on where the clock of the same route has come to before, instead of anew at each edit of any file. One that is
     * over goes off again when its route is new only. Before the context's start.
     */
    void goOnFrom(Trigger before) {
        Clock mine = Clock.of(endpoint()).orElse(null);
        Clock theirs = Clock.of(before.endpoint()).orElse(null);
        if (!route.equals(before.route) || mine == null || theirs == null) {
            return;
        }
        long left = theirs.repeatCount() - before.counter();
        isOver = mine.repeatCount() > 0 && theirs.repeatCount() > 0 && (left <= 0 || before.isOver);
        if (!isOver && endpoint().getEndpointUri().equals(before.endpoint().getEndpointUri())) {
            mine.set(theirs.untilNext(before.age()), left);
        }
    }

    /** Whether it looks in the same place as another, or is the same route. */
    boolean meets(Trigger other) {
        return route.equals(other.route) || place(uri).equals(place(other.uri));
    }

    private static String place(String uri) {
        return uri.replaceFirst("\\?.*", "");
    }

    /**
     * Whether what it has begun is under way, where the next waits for it. Others, as a schedule, do not wait for their
     * own, either.
     */
    boolean isBusy() {
        return Clock.of(endpoint()).isPresent() && (isPolling() || inFlight() > 0);
    }

    private boolean isPolling() {
        Consumer consumer = consumer();
        if (consumer instanceof TimerConsumer timer) {
            return timer.isPolling();
        }
        return consumer instanceof ScheduledPollConsumer poller && poller.isPolling();
    }

    /** How much of what it has begun is under way. */
    int inFlight() {
        return camel.getInflightRepository().size(route);
    }

    private long counter() {
        Consumer consumer = consumer();
        if (consumer instanceof TimerConsumer timer) {
            return timer.getCounter();
        }
        return consumer instanceof ScheduledPollConsumer poller ? poller.getCounter() : 0;
    }

    /** How long ago it was opened, in ms; 0 when it was not. */
    private long age() {
        Route opened = camel.getRoute(route);
        return opened == null ? 0 : opened.getUptimeMillis();
    }

    private Endpoint endpoint() {
        return camel.getEndpoint(uri);
    }

    /** Null when it has not been opened. */
    private Consumer consumer() {
        Route opened = camel.getRoute(route);
        return opened == null ? null : opened.getConsumer();
    }

    /**
     * Lets it begin.
     *
     * @param earlier those of its kind, which have ended
     * @throws Exception when Camel cannot start it
     */
    void open(List<Trigger> earlier) throws Exception {
        if (!isOver) {
            earlier.forEach(this::recallFilesOf);
            camel.getRouteController().startRoute(route);
        }
    }

    /** A file that stays where it is is not found again, for all that is known of it is in memory. */
    private void recallFilesOf(Trigger other) {
        if (endpoint() instanceof GenericFileEndpoint<?> mine
                && other.endpoint() instanceof GenericFileEndpoint<?> theirs
                && mine.getIdempotentRepository() instanceof MemoryIdempotentRepository found
                && theirs.getIdempotentRepository() instanceof MemoryIdempotentRepository before) {
            before.getCache().keySet().forEach(found::add);
        }
    }

    /** Lets nothing begin by it any more. What has begun goes on. */
    void close() {
        ServiceHelper.suspendService(consumer());
    }

    /** Takes that back. */
    void reopen() {
        if (consumer() != null) {
            ServiceHelper.resumeService(consumer());
        }
    }

    @Override
    public String toString() {
        return route;
    }
}
