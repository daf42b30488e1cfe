package org.colleaguesearch.runs;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Shows the progress of the open batches: a bar on a terminal, otherwise a log line every few seconds. Has its own
 * thread, which only reads the counts of the runs.
 */
@Component
class Progress implements DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final Duration BAR_EVERY = Duration.ofMillis(250);
    private static final int BAR_WIDTH = 30;

    private final OpenBatches open;
    private final StatusLine terminal;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    private final ScheduledFuture<?> ticks;

    Progress(OpenBatches open) {
        this.open = open;
        this.terminal = StatusLine.takeOver();
        long every = (terminal == null ? LINE_EVERY : BAR_EVERY).toMillis();
        this.ticks = timer.scheduleAtFixedRate(this::tick, every, every, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (terminal == null) {
            open.all().forEach(Progress::log);
        } else {
            terminal.show(
                    open.all().stream().map(batch -> bar(batch) + line(batch)).collect(Collectors.joining(" | ")));
        }
    }

    private static void log(Batch batch) {
        MDC.put("batch", batch.id());
        try {
            LOG.info("batch {}: {}", batch.id(), line(batch));
        } finally {
            MDC.remove("batch");
        }
    }

    private static String bar(Batch batch) {
        long all = batch.expectedUrls();
        int filled = all == 0 ? 0 : (int) Math.min(BAR_WIDTH, BAR_WIDTH * batch.urls() / all);
        return "[" + "=".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] ";
    }

    /** The share done, the rate since the listing or the restart, the time left at that rate, and the errors. */
    private static String line(Batch batch) {
        if (batch.elapsed().isZero()) {
            return "listing people, %d so far".formatted(batch.people().size());
        }
        long done = batch.urls();
        long all = Math.max(1, batch.expectedUrls());
        double rate = batch.urlsSinceStart() / Math.max(1e-3, batch.elapsed().toMillis() / 1e3);
        return "%d %% of %d URLs, %.0f URLs/s, %s left, %d errors"
                .formatted(100 * done / all, all, rate, left(all - done, rate), batch.errors());
    }

    private static String left(long urls, double rate) {
        if (rate == 0) {
            return "unknown time";
        }
        Duration left = Duration.ofSeconds((long) Math.ceil(urls / rate));
        return left.toHours() > 0
                ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
                : "%d:%02d min".formatted(left.toMinutes(), left.toSecondsPart());
    }

    @Override
    public void destroy() {
        ticks.cancel(false);
        timer.shutdownNow();
        if (terminal != null) {
            terminal.show("");
        }
    }
}
