package org.colleaguesearch.tooling.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.check.RouteCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Watches the route files: a valid change takes effect, an invalid one changes nothing. One dedicated thread does all
 * the work, on copies of the files, and only that thread uses the state kept here.
 */
@Component
@Conditional(WhenLive.class)
class LiveRoutes implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    /** Interval between two looks. A change is applied once the files are the same in two successive looks. */
    private static final long MILLIS = 300;

    /** Stops after the web server and before the application's Camel context, which stops in the next lower phase. */
    private static final int PHASE = Integer.MAX_VALUE - 1100;

    private final RouteFolder folder;
    private final RouteCheck check;
    private final Generations generations;
    private final RouteGenerations routes;
    private final Edits edits;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-routes").factory());

    private Map<Path, String> running;
    private Map<Path, String> taken;
    private Map<Path, String> seen = Map.of();
    private int number = 1;
    private boolean isSettled = true;
    private volatile boolean isRunning;

    /** Reads the files before Camel does, so every later change is noticed. */
    LiveRoutes(Environment settings, Generations generations, RouteGenerations routes, Edits edits) throws IOException {
        this.check = RouteCheck.of(settings);
        this.folder = RouteFolder.of(settings);
        this.generations = generations;
        this.routes = routes;
        this.edits = edits;
        this.taken = folder.state();
        this.running = folder.read();
    }

    private void look() {
        if (!routes.context().isStarted()) {
            return;
        }
        try {
            Map<Path, String> state = folder.state();
            if (!state.equals(taken) && state.equals(seen)) {
                take(folder.read());
                taken = state;
            }
            seen = state;
        } catch (IOException | RuntimeException e) {
            edits.failed("cannot read the route files: " + e.getMessage() + "; the previous routes keep running");
            LOG.debug("cannot read the route files", e);
            // Compare them again once they are readable, whatever they contain.
            taken = Map.of();
        }
        settle();
    }

    private void settle() {
        try {
            routes.settle();
            if (!isSettled) {
                edits.mended();
            }
            isSettled = true;
        } catch (Exception e) {
            isSettled = false;
            edits.failed(why(e) + "; retrying");
            LOG.debug("cannot start the routes", e);
        }
    }

    private void take(Map<Path, String> contents) throws IOException {
        if (contents.equals(running)) {
            edits.mended();
            return;
        }
        Changes changes = new Changes(running, contents);
        Path copy = Files.createTempDirectory("colleague-search-routes-");
        RouteFolder.write(contents, copy);
        List<Problem> problems = check.check(copy);
        if (!problems.isEmpty()) {
            RouteFolder.delete(copy);
            edits.refused(problems.stream().map(Problem::toString).toList(), changes);
            return;
        }
        try {
            number++;
            routes.replaceBy(generations.make(number, Edition.of(contents), copy, check.files(copy)));
            edits.accepted(changes);
            running = contents;
        } catch (Exception | LinkageError e) {
            String line = check.problem(copy, e).map(Problem::toString).orElseGet(() -> why(e));
            edits.refused(List.of(line), changes);
            RouteFolder.delete(copy);
            LOG.debug("cannot start the routes", e);
        }
    }

    private static String why(Throwable failure) {
        return "cannot start the routes: " + Causes.deepest(failure);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A look logs its own failures.
    public void start() {
        isRunning = true;
        thread.scheduleWithFixedDelay(this::look, MILLIS, MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        isRunning = false;
        thread.shutdown();
        try {
            // Let a change in progress finish; afterwards nothing else touches the generations.
            thread.awaitTermination(10, TimeUnit.SECONDS);
            routes.stopAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
