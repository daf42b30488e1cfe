package org.colleaguesearch.embedded;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a process. Stateless. */
final class Stop {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private Stop() {}

    /** Asks the process to end, ends it if it has not within {@code patience}, and returns when it is gone. */
    static void within(Duration patience, ProcessHandle process) {
        // Its start script runs short-lived programs, which would outlive it by a moment.
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroy);
        if (!gone(patience, all)) {
            LOG.warn(
                    "OpenSearch (process {}) did not end within {} s and is killed",
                    process.pid(),
                    patience.toSeconds());
            all.forEach(ProcessHandle::destroyForcibly);
            if (!gone(AFTER_KILL, all)) {
                LOG.error("OpenSearch (process {}) cannot be ended", process.pid());
            }
        }
    }

    /** Looks rather than waits for onExit(), which needs a thread of the common pool: callers may have them all. */
    private static boolean gone(Duration patience, List<ProcessHandle> all) {
        long asked = System.nanoTime();
        while (all.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() - asked > patience.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                // Nobody is left to wait: end it now.
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
