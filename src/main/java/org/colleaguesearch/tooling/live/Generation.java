package org.colleaguesearch.tooling.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * The routes as the files had them at some time, in a Camel context of their own: what began in it ends in it, whatever
 * the files have become. Any thread may enter, call and leave it. All else is for the thread that looks after the files.
 */
final class Generation {
    /** What a thread has just been given, as by a schedule or a queue, is not counted yet. In ms. */
    private static final long QUIET = 500;

    private final CamelContext camel;
    private final Path copy;
    private final ProducerTemplate template;
    private final AtomicInteger calls = new AtomicInteger();

    private Map<Boolean, List<Trigger>> byDoor;
    private List<Trigger> waiting = new ArrayList<>();
    private long idleSince;

    /** The first, in the application's own context, which starts its triggers. */
    Generation(CamelContext camel) {
        this(camel, null);
    }

    /**
     * A later one, in a context that has been started.
     *
     * @param held the ids of the routes that {@link #open} is to start
     * @param copy the folder with the files it is made of, which go with it
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
     * Calls a route from outside, between {@link RouteGenerations#enter} and {@link #leave}, in the caller's thread. A
     * failure is the exchange's.
     */
    Exchange call(String uri, Exchange exchange) {
        return template.send(uri, exchange);
    }

    /** Before a call from outside, which this keeps from being stopped. */
    void enter() {
        calls.incrementAndGet();
    }

    /** After such a call. */
    void leave() {
        calls.decrementAndGet();
    }

    private List<Trigger> triggers() {
        return routes().get(false);
    }

    private List<Trigger> doors() {
        return routes().get(true);
    }

    /** When they are asked for, since the application's own context is started later than it is handed over. */
    private Map<Boolean, List<Trigger>> routes() {
        if (byDoor == null) {
            byDoor = Triggers.in(camel).stream().collect(Collectors.partitioningBy(Trigger::isDoor));
        }
        return byDoor;
    }

    /** Follows a generation that has been closed: what fires a number of times after the start does not fire again. */
    void follow(Generation last) {
        for (Trigger before : last.triggers()) {
            triggers().stream()
                    .filter(trigger -> trigger.id().equals(before.id()))
                    .forEach(trigger -> trigger.follow(before));
        }
        waiting.removeIf(Trigger::isSpent);
    }

    /**
     * Lets its triggers begin, but for those that have to wait until what the same ones have begun in earlier generations
     * has ended. To be called again for these, and when one could not be started.
     *
     * @throws Exception when Camel cannot start one
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

    /** Those that have to wait. */
    List<Trigger> waiting() {
        return List.copyOf(waiting);
    }

    /** Lets nothing begin by itself any more. What has begun goes on. */
    void close() throws Exception {
        idleSince = System.nanoTime();
        for (Trigger trigger : triggers()) {
            trigger.close();
        }
    }

    /** Takes that back. */
    void reopen() throws Exception {
        for (Trigger trigger : triggers()) {
            trigger.reopen();
        }
    }

    /** Whether nothing is in flight in it, nor has been for a moment, once it is closed. To be asked again until it is so. */
    boolean isIdle() {
        long now = System.nanoTime();
        if (calls.get() > 0 || inFlight() > 0) {
            idleSince = now;
            return false;
        }
        return now - idleSince > TimeUnit.MILLISECONDS.toNanos(QUIET);
    }

    /** Requests that come in are under way in a later generation. */
    private int inFlight() {
        return camel.getInflightRepository().size()
                - doors().stream().mapToInt(Trigger::inFlight).sum();
    }

    void stop() {
        camel.stop();
        RouteFolder.delete(copy);
    }
}
