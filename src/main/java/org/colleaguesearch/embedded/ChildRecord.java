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
 * Which process runs in a data folder, kept on disk for the application that comes after a killed one.
 *
 * @param started when the process started: numbers of processes are used again
 */
record ChildRecord(long pid, Instant started) {
    /** Linux counts start times in ticks from a boot time that may shift by a second with the clock. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    static ChildRecord of(ProcessHandle process) {
        // A process that ended already has no start time; it is found dead whatever is on record.
        return new ChildRecord(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process, if it is alive and not another one that was given its number. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isTheOneOnRecord);
    }

    private boolean isTheOneOnRecord(ProcessHandle process) {
        boolean sameStart = process.info()
                .startInstant()
                .map(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) <= 0)
                .orElse(false);
        // Another user's command line is hidden on some systems: then the start time has to do.
        boolean sameProgram = process.info()
                .commandLine()
                .map(command -> command.contains("opensearch"))
                .orElse(true);
        return sameStart && sameProgram;
    }

    /** What is on record; empty if there is no file, or one that says nothing of use. */
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

    /** Replaces the file in one step: a killed application leaves the old record or the new, not half of one. */
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
