package org.colleaguesearch.tooling.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.indexing.CurrentRoutes;

/**
 * One version of the route files, running in its own Camel context. Work that starts in a generation finishes there,
 * even after the files change. Any thread may enter, call and leave it. Everything else belongs to the thread that
 * watches the files.
 */
final class Generation {
    /** In ms. Work that a schedule or queue has just handed to a thread is not counted as in flight yet. */
    private static final long QUIET = 500;

    private final CamelContext camel;
    private final Path copy;
    private final ProducerTemplate template;
    private final AtomicInteger calls = new AtomicInteger();

    private Map<Boolean, List<Trigger>> byDoor;
    private List<Trigger> waiting = new ArrayList<>();
    /** Those of a closed generation that are still open. */
    private final List<Trigger> ofEdition = new ArrayList<>();

    private long idleSince;

    /** The first generation, in the application's Camel context, which starts its triggers. */
    Generation(CamelContext camel) {
        this(camel, null);
    }

    /**
     * A later generation, in a context that is already started.
     *
     * @param held the ids of the routes that {@link #open} starts
     * @param copy the folder with its route files, deleted when the generation stops
     */
    Generation(CamelContext camel, Set<String> held, Path copy) {
        this(camel, copy);
        waiting = triggers().stream()
                .filter(trigger -> held.contains(trigger.id()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Generation(CamelContext camel, Path copy) {
        this.camel = camel;
        this.copy = copy;
        this.template = camel.createProducerTemplate();
    }

    CamelContext camel() {
        return camel;
    }

    /**
     * Calls a route from outside, between {@link RouteGenerations#enter} and {@link #leave}, on the caller's thread. A
     * failure is set on the exchange.
     */
    Exchange call(String uri, Exchange exchange) {
        return template.send(uri, exchange);
    }

    /** Called before a call from outside; the generation is not stopped until {@link #leave}. */
    void enter() {
        calls.incrementAndGet();
    }

    /** Called after a call from outside. */
    void leave() {
        calls.decrementAndGet();
    }

    private List<Trigger> triggers() {
        return routes().get(false);
    }

    private List<Trigger> doors() {
        return routes().get(true);
    }

    /** Read lazily, since the application's Camel context starts after this object is created. */
    private Map<Boolean, List<Trigger>> routes() {
        if (byDoor == null) {
            byDoor = Triggers.in(camel).stream().collect(Collectors.partitioningBy(Trigger::isDoor));
        }
        return byDoor;
    }

    /** Takes over from a closed generation: triggers with a limited number of firings do not count again. */
    void follow(Generation last) {
        for (Trigger before : last.triggers()) {
            triggers().stream()
                    .filter(trigger -> trigger.id().equals(before.id()))
                    .forEach(trigger -> trigger.follow(before));
        }
        waiting.removeIf(Trigger::isSpent);
    }

    /**
     * Starts its triggers, except those whose counterparts in earlier generations still have work in flight. Call it
     * again for these, and after a failure.
     *
     * @throws Exception when Camel cannot start a trigger
     */
    void open(List<Generation> earlier) throws Exception {
        List<Trigger> before = earlier.stream()
                .flatMap(generation -> generation.triggers().stream())
                .toList();
        for (Trigger trigger : List.copyOf(waiting)) {
            List<Trigger> same = before.stream().filter(trigger::meets).toList();
            if (same.stream().noneMatch(Trigger::isBusy)) {
                trigger.open();
                waiting.remove(trigger);
            }
        }
    }

    /** The triggers that are not started yet. */
    List<Trigger> waiting() {
        return List.copyOf(waiting);
    }

    /** Stops its triggers from starting new work, except for runs that began with its routes. Work in flight continues. */
    void close() throws Exception {
        idleSince = System.nanoTime();
        for (Trigger trigger : triggers()) {
            if (trigger.isOfEdition()) {
                ofEdition.add(trigger);
            } else {
                trigger.close();
            }
        }
    }

    /**
     * Stops its triggers for runs that began with its routes, when no such run is left, neither here nor on another node.
     *
     * @param isOver whether no other node has one, by the edition of the routes
     */
    void endEdition(Predicate<String> isOver) throws Exception {
        int own = ofEdition.stream().mapToInt(Trigger::inFlight).sum();
        if (!ofEdition.isEmpty()
                && calls.get() == 0
                && inFlight() == own
                && isOver.test(camel.getGlobalOptions().getOrDefault(CurrentRoutes.EDITION, ""))) {
            for (Trigger trigger : ofEdition) {
                trigger.close();
            }
            ofEdition.clear();
        }
    }

    /** Reverts {@link #close}. */
    void reopen() throws Exception {
        ofEdition.clear();
        for (Trigger trigger : triggers()) {
            trigger.reopen();
        }
    }

    /** Whether a closed generation has had nothing in flight for a moment. Call it repeatedly until it has. */
    boolean isIdle() {
        long now = System.nanoTime();
        if (calls.get() > 0 || inFlight() > 0 || !ofEdition.isEmpty()) {
            idleSince = now;
            return false;
        }
        return now - idleSince > TimeUnit.MILLISECONDS.toNanos(QUIET);
    }

    /** Incoming requests are not counted: they run in a later generation. */
    private int inFlight() {
        return camel.getInflightRepository().size()
                - doors().stream().mapToInt(Trigger::inFlight).sum();
    }

    void stop() {
        camel.stop();
        RouteFolder.delete(copy);
    }
}
