package org.colleaguesearch.tooling.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.ledger.ChunkLedger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The current generation of routes, which takes new work, and earlier ones that still have work in flight. Any thread
 * may read; only the thread that watches the files replaces and stops generations.
 *
 * <p>The first generation is the application's own Camel context. It stays, because requests come in there. Later ones
 * are stopped when their work has finished.
 */
@Component
class RouteGenerations implements CurrentRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RouteGenerations.class);

    private final Generation first;
    private final Predicate<String> isInUse;
    private final List<Generation> earlier = new CopyOnWriteArrayList<>();
    private final List<Thread> stops = new ArrayList<>();
    private volatile Generation current;

    @Autowired
    RouteGenerations(CamelContext camel, ChunkLedger ledger) {
        this(camel, ledger::isInUse);
    }

    /** @param isInUse whether a run is under way, on any node, that began with the routes of this edition */
    RouteGenerations(CamelContext camel, Predicate<String> isInUse) {
        this.first = new Generation(camel);
        this.isInUse = isInUse;
        this.current = first;
    }

    @Override
    public CamelContext context() {
        return current.camel();
    }

    @Override
    public int inFlight(String routeId) {
        return all().mapToInt(
                        generation -> generation.camel().getInflightRepository().size(routeId))
                .sum();
    }

    private Stream<Generation> all() {
        return Stream.concat(earlier.stream(), Stream.of(current)).distinct();
    }

    @Override
    public Exchange call(String uri, Function<CamelContext, Exchange> request) {
        Generation generation = enter();
        try {
            return generation.call(uri, request.apply(generation.camel()));
        } finally {
            generation.leave();
        }
    }

    /** Enters the current generation and returns it; it is not stopped until the caller leaves it. */
    Generation enter() {
        while (true) {
            Generation entered = current;
            entered.enter();
            // Otherwise it was replaced, and perhaps already found idle, before it was entered.
            if (entered == current) {
                return entered;
            }
            entered.leave();
        }
    }

    /**
     * Directs new work to the next generation. The old triggers close before the new ones open, so none fires twice; a
     * firing that is due in between happens afterwards.
     *
     * @throws Exception when its triggers do not start; the current generation is then kept
     */
    void replaceBy(Generation next) throws Exception {
        Generation last = current;
        try {
            last.close();
            current = next;
            earlier.add(last);
            next.follow(last);
            next.open(earlier);
            Triggers.begin(next.camel());
            if (!next.waiting().isEmpty()) {
                LOG.info("waiting for in-flight work before starting the edited routes: {}", next.waiting());
            }
        } catch (Exception e) {
            current = last;
            earlier.remove(last);
            next.close();
            // It may already have work in flight.
            earlier.add(next);
            last.reopen();
            throw e;
        }
    }

    /**
     * Starts triggers that waited for work of earlier generations, and stops the earlier generations that are idle.
     *
     * @throws Exception when a waiting trigger does not start
     */
    void settle() throws Exception {
        current.open(earlier);
        for (Generation generation : earlier) {
            generation.endEdition(edition -> edition.equals(edition()) || !isInUse(edition));
        }
        earlier.stream()
                .filter(generation -> generation.isIdle() && generation != first)
                .toList()
                .forEach(this::stop);
    }

    private boolean isInUse(String edition) {
        try {
            return isInUse.test(edition);
        } catch (RuntimeException e) {
            LOG.debug("cannot read which routes are in use", e);
            return true;
        }
    }

    /** Stops it in the background, since a context can take seconds to stop. */
    private void stop(Generation generation) {
        earlier.remove(generation);
        stops.removeIf(stop -> !stop.isAlive());
        stops.add(Thread.ofVirtual().start(generation::stop));
    }

    /** Stops all but the first, which Spring stops, in parallel. Work in flight gets Camel's shutdown time-out. */
    void stopAll() throws InterruptedException {
        all().filter(generation -> generation != first).toList().forEach(this::stop);
        for (Thread stop : stops) {
            stop.join();
        }
    }
}
