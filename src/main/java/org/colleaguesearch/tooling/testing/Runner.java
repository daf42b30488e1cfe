package org.colleaguesearch.tooling.testing;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Route;
import org.apache.camel.spi.ShutdownAware;
import org.colleaguesearch.indexing.Calls;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Runs;
import org.colleaguesearch.settings.TestReset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/**
 * Runs cases one at a time in an application that it starts for the first one. Each case starts with an empty ledger,
 * no files and reset in-memory state. After a case that hangs, the application is closed and the next case starts a new
 * one.
 */
final class Runner implements AutoCloseable {
    /** Longer than any case that does not hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MILLIS_BETWEEN_LOOKS = 2;

    private final List<String> settings;
    private final Duration longest;
    private TestedApplication application;

    Runner(List<String> settings) {
        this(settings, PATIENCE);
    }

    /** With another time-out for cases that hang. */
    Runner(List<String> settings, Duration longest) {
        this.settings = settings;
        this.longest = longest;
    }

    private TestedApplication application() {
        if (application == null) {
            application = new TestedApplication(settings);
        }
        return application;
    }

    /** The names that tests can use. */
    TestNames names() {
        Set<String> indexers = application().bean(Indexers.class).all().stream()
                .map(Indexer::name)
                .collect(Collectors.toCollection(TreeSet::new));
        return application().stage().names(indexers);
    }

    CaseResult run(RouteCase of) {
        long began = System.nanoTime();
        clean();
        CaseRun run = new CaseRun(of);
        application().stage().begin(run);
        List<Mismatch> mismatches = new ArrayList<>();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        // Expectations are also checked in the thread: their expressions can loop forever.
        Future<List<Mismatch>> answer = thread.submit(() -> new Expectations(of, run, send(run, of)).mismatches());
        try {
            mismatches.addAll(answer.get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            mismatches.add(Mismatch.of(
                    of.yaml(),
                    "the case timed out after " + longest.toMillis() / 1000.0 + " s in "
                            + (run.underWay().isEmpty()
                                    ? "a jq expression of the expectations"
                                    : String.join(", ", run.underWay()))));
        } catch (ExecutionException e) {
            mismatches.add(Mismatch.of(of.yaml(), "cannot run the case: " + e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running a case", e);
        } finally {
            thread.shutdownNow();
            if (!answer.isDone()) {
                close();
            }
        }
        return new CaseResult(
                of,
                mismatches,
                mismatches.isEmpty() ? List.of() : run.shown(),
                mismatches.isEmpty() ? List.of() : run.handled(),
                Duration.ofNanos(System.nanoTime() - began));
    }

    private void clean() {
        application().bean(JdbcClient.class).sql("delete from batch").update();
        application().spring().publishEvent(new TestReset());
        File[] files = application().folder().toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            FileSystemUtils.deleteRecursively(file);
        }
    }

    /** Passes the case to the processor of the route's consumer, and waits until all resulting work has finished. */
    private Exchange send(CaseRun run, RouteCase of) throws Exception {
        Route route = application().camel().getRoute(of.route());
        Exchange exchange = route.getConsumer().createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        new Given(
                        application().bean(Batches.class),
                        application().bean(Runs.class),
                        application().bean(Calls.class),
                        application().bean(Indexers.class))
                .fill(exchange, of.given());
        route.getConsumer().getProcessor().process(exchange);
        // For background steps: Camel offers no other way to await them.
        while (isBusy()) {
            TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
        }
        run.end(exchange.getException());
        return exchange;
    }

    private boolean isBusy() {
        CamelContext camel = application().camel();
        return camel.getInflightRepository().size() > 0
                || camel.getRoutes().stream()
                        .flatMap(route -> route.filter("*").stream())
                        .anyMatch(step -> step instanceof ShutdownAware aware && aware.getPendingExchangesSize() > 0);
    }

    @Override
    public void close() {
        if (application != null) {
            application.close();
            application = null;
        }
    }
}
