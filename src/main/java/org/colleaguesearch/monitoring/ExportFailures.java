package org.colleaguesearch.monitoring;

import java.io.IOException;
import java.util.logging.LogRecord;
import org.colleaguesearch.failure.Causes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs in one line that the collector cannot be reached: OpenTelemetry adds a stack trace. Failures that are not of the network
 * keep theirs. Thread-safe: it has no state.
 */
final class ExportFailures {
    private static final Logger LOG = LoggerFactory.getLogger(ExportFailures.class);

    /** OpenTelemetry's logger. In a field, since the JVM forgets a logger, and its filter, that nothing refers to. */
    private static final java.util.logging.Logger EXPORTER =
            java.util.logging.Logger.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter");

    private ExportFailures() {}

    static void logInOneLine() {
        EXPORTER.setFilter(ExportFailures::withoutStackTrace);
    }

    private static boolean withoutStackTrace(LogRecord line) {
        if (Causes.of(line.getThrown()).anyMatch(IOException.class::isInstance)) {
            LOG.debug("cannot send traces", line.getThrown());
            line.setThrown(null);
        }
        return true;
    }
}
