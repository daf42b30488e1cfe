package org.colleaguesearch.embedded;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.colleaguesearch.settings.Settings;

/**
 * The sign of a failed start in OpenSearch's log, and the advice for the user: one line with the setting, its value and
 * the remedy.
 */
record Symptom(Pattern sign, Function<Settings.Embedded, String> advice) {
    private static final String ELSEWHERE = ", or set colleagues.opensearch.url to a running OpenSearch";

    /** 128 + SIGKILL: only the system's out-of-memory killer kills a child that is starting. */
    private static final int KILLED = 137;

    /** The most specific first: a full disk, for instance, also shows up as a corrupt file. */
    private static final List<Symptom> KNOWN = List.of(
            of(
                    "Cannot allocate memory|Could not reserve enough space|insufficient memory for the Java",
                    Symptom::heapTooLarge),
            of(
                    "OutOfMemoryError: Java heap space|GC overhead limit|Too small maximum heap|"
                            + "Initial heap size set to a larger|ircuitBreakingException",
                    s -> heap(s) + ": too small for OpenSearch to start; set it to 256MB or more"),
            of("Address already in use", s -> portTaken(s.port())),
            of(
                    "more than one plugin implementing a REST wrapper",
                    s -> "colleagues.opensearch.embedded.home=" + s.home()
                            + ": another plugin also wraps REST requests, such as"
                            + " opensearch-security; remove that plugin, or set it to a minimal distribution"
                            + ELSEWHERE),
            of(
                    "minimum required Java version|UnsupportedClassVersionError",
                    s -> "OpenSearch needs Java 21 or later, but " + Launch.java()
                            + " is older: run Colleague Search with a newer Java" + ELSEWHERE),
            of(
                    "No space left on device|Disk quota exceeded",
                    s -> data(s) + ": the disk is full; free some space, or set it to a folder on another disk"),
            of(
                    "failed to obtain node lock|LockObtainFailedException",
                    s -> data(s) + ": another OpenSearch uses this folder; stop that process, or set it to another"
                            + " folder"),
            of(
                    "cannot downgrade|IndexFormatTooNew|IndexFormatTooOld|Corrupt(Index|State)Exception|"
                            + "cannot upgrade a node|codec (header|footer) mismatch|failed to read \\[?.*\\.st\\b",
                    s -> data(s)
                            + ": this OpenSearch cannot read the data (damaged, or from another version); set it to"
                            + " a new folder, which the next run fills"),
            of(
                    "AccessDeniedException|Permission denied|Read-only file system",
                    s -> data(s) + ": OpenSearch has no permission to write there; set it to a writable folder"));

    private static Symptom of(String sign, Function<Settings.Embedded, String> advice) {
        return new Symptom(Pattern.compile(sign), advice);
    }

    /** The line for a child that exited with this code. */
    static String explain(Settings.Embedded settings, ChildLog log, int exitCode) {
        String text = log.text();
        return KNOWN.stream()
                        .filter(symptom -> symptom.sign().matcher(text).find())
                        .findFirst()
                        .map(symptom -> symptom.advice().apply(settings))
                        .orElseGet(() -> exitCode == KILLED
                                ? heapTooLarge(settings)
                                : "OpenSearch exited with code " + exitCode + ": " + FailureExcerpt.of(text))
                + " (log: " + log.file() + ")";
    }

    /** The line for a child that is not ready in time. {@code port}: where it listens; empty if it does not. */
    static String tooSlow(Settings.Embedded settings, ChildLog log, OptionalInt port) {
        String limit = "colleagues.opensearch.embedded.start-timeout="
                + settings.startTimeout().toMillis() + "ms: ";
        return port.isPresent()
                ? limit + "OpenSearch listens on port " + port.getAsInt() + ", but its cluster health is not yellow or"
                        + " green; increase it, or if that does not help, the data is damaged: set"
                        + " colleagues.opensearch.embedded.data to a new folder (log: " + log.file() + ")"
                : limit + "OpenSearch was not ready in time; increase it (log: " + log.file() + ", last line: "
                        + FailureExcerpt.of(log.text()) + ")";
    }

    static String portTaken(int port) {
        return "colleagues.opensearch.embedded.port=" + port + ": the port is in use by another program; set another"
                + " port (0: any free port)" + ELSEWHERE;
    }

    private static String heapTooLarge(Settings.Embedded settings) {
        return heap(settings) + ": this machine does not have that much free memory; reduce it" + ELSEWHERE;
    }

    private static String heap(Settings.Embedded settings) {
        return "colleagues.opensearch.embedded.heap=" + settings.heap().toMegabytes() + "MB";
    }

    private static String data(Settings.Embedded settings) {
        return "colleagues.opensearch.embedded.data="
                + settings.data().toAbsolutePath().normalize();
    }
}
