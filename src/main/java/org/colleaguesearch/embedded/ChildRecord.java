package org.colleaguesearch.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.colleaguesearch.settings.Readers;

/**
 * Which process runs in a data folder, kept on disk so that the next application can find it after a kill.
 *
 * @param started when the process started: the system reuses process ids
 */
record ChildRecord(long pid, Instant started) {
    /** Linux counts start times in ticks since boot, and the boot time may shift by a second with the clock. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    static ChildRecord of(ProcessHandle process) {
        // A process that has already exited has no start time; process() finds it dead whatever the record says.
        return new ChildRecord(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process, if it is alive and not another one with a reused process id. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheOneOnRecord);
    }

    private boolean isTheOneOnRecord(ProcessHandle process) {
        boolean sameStart = process.info()
                .startInstant()
                .map(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) <= 0)
                .orElse(false);
        // Some systems hide another user's command line; then the start time alone decides.
        boolean sameProgram = process.info()
                .commandLine()
                .map(command -> command.contains("opensearch"))
                .orElse(true);
        return sameStart && sameProgram;
    }

    /** The record; empty if the file is missing or invalid. */
    static Optional<ChildRecord> read(Path file) {
        Properties text = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            text.load(reader);
            return Optional.of(new ChildRecord(
                    Long.parseLong(text.getProperty("pid")), Instant.parse(text.getProperty("started", ""))));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Replaces the file atomically: a killed application leaves the old or the new record, never half of one. */
    void write(Path file) throws IOException {
        Properties text = new Properties();
        text.setProperty("pid", Long.toString(pid));
        text.setProperty("started", started.toString());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Channels.newWriter(
                Readers.OWNER.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE),
                StandardCharsets.UTF_8)) {
            text.store(writer, "The OpenSearch that runs in this folder");
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
