package org.colleaguesearch.embedded;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a process. Stateless. */
final class Stop {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private Stop() {}

    /** Terminates the process, kills it if it is still running after {@code patience}, and returns once it is gone. */
    static void within(Duration patience, ProcessHandle process) {
        // The start script runs short-lived programs that could outlive it by a moment.
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroy);
        if (!gone(patience, all)) {
            LOG.warn(
                    "OpenSearch (process {}) did not stop within {} s; killing it",
                    process.pid(),
                    patience.toSeconds());
            all.forEach(ProcessHandle::destroyForcibly);
            if (!gone(AFTER_KILL, all)) {
                LOG.error("cannot kill OpenSearch (process {})", process.pid());
            }
        }
    }

    /** Polls instead of using onExit(), which needs a thread of the common pool: callers may occupy all of them. */
    private static boolean gone(Duration patience, List<ProcessHandle> all) {
        long asked = System.nanoTime();
        while (all.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() - asked > patience.toNanos()) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                // The caller no longer waits: kill it now.
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
