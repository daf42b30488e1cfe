package org.colleaguesearch.tooling.live;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The routes that new work begins on. Any thread may ask; one at a time replaces and stops them, the one that looks after
 * the files.
 *
 * <p>The first ones are those of the application's own Camel context, which stays, for requests come in there. Later
 * ones are stopped when what began on them has ended.
 */
@Component
class RouteGenerations implements CurrentRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RouteGenerations.class);

    private final Generation first;
    private final List<Generation> earlier = new CopyOnWriteArrayList<>();
    private final List<Thread> stops = new ArrayList<>();
    private volatile Generation current;

    RouteGenerations(CamelContext camel) {
        this.first = new Generation(camel);
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

    /** The current generation, entered: it is not stopped before it has been left. */
    Generation enter() {
        while (true) {
            Generation entered = current;
            entered.enter();
            // Else it was replaced, and maybe found idle, before it was entered.
            if (entered == current) {
                return entered;
            }
            entered.leave();
        }
    }

    /**
     * Lets new work begin in a generation, and none in the one before. Between the triggers of the one and of the other
     * there is a moment without any, not one with both; what would have gone off in it does after it.
     *
     * @throws Exception when its triggers do not start; then all is as it was
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
            // Something may have begun in it.
            earlier.add(next);
            last.reopen();
            throw e;
        }
    }

    /**
     * Lets begin what has waited for its like in an earlier generation, and stops those in which nothing can begin any
     * more, and nothing is under way.
     *
     * @throws Exception when what has waited does not start
     */
    void settle() throws Exception {
        current.open(earlier);
        earlier.stream()
                .filter(generation -> generation.isIdle() && generation != first)
                .toList()
                .forEach(this::stop);
    }

    /** Beside the next edits, since a context can take seconds to stop. */
    private void stop(Generation generation) {
        earlier.remove(generation);
        stops.removeIf(stop -> !stop.isAlive());
        stops.add(Thread.ofVirtual().start(generation::stop));
    }

    /** Stops all but the first, which Spring stops, side by side. What is in flight gets as long as Camel gives it. */
    void stopAll() throws InterruptedException {
        all().filter(generation -> generation != first).toList().forEach(this::stop);
        for (Thread stop : stops) {
            stop.join();
        }
    }
}
