package org.colleaguesearch.extract;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.file.FileComponent;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Accepts complete files: those that have not changed for {@code colleagues.extract.settle}, by the clock of this process,
 * and those with a marker {@code <file>.done}. Camel's read lock {@code changed} relies on the file's modification time,
 * which a copy may preserve from its source.
 *
 * <p>Accepts only regular files and links to them: opening a named pipe waits for its writer, and a device may be endless.
 *
 * <p>Thread-safe: each update of a file's record is atomic.
 */
@Component("settledFiles")
class CompleteFileFilter implements GenericFileFilter<File> {
    private static final Logger LOG = LoggerFactory.getLogger(CompleteFileFilter.class);
    /** How long to remember a file that is no longer seen, in ns. */
    private static final long FORGET_AFTER = TimeUnit.HOURS.toNanos(1);

    private static final long FORGET_EVERY = TimeUnit.MINUTES.toNanos(1);

    private record Observation(FileState state, long first, long last) {}

    private final Map<Path, Observation> observations = new ConcurrentHashMap<>();
    /** Existing files that the log has already reported as not regular. */
    private final Set<Path> reported = ConcurrentHashMap.newKeySet();

    private final long settle;
    private volatile long lastCleanup = System.nanoTime();

    CompleteFileFilter(Settings settings) {
        this.settle = settings.extract().settle().toNanos();
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        Path path = Path.of(file.getAbsoluteFilePath());
        if (!Files.isRegularFile(path)) {
            reportOnce(path);
            return false;
        }
        // Camel also calls this before it removes a lock left by a crash; a locked file cannot be picked up anyway.
        return Files.exists(path.resolveSibling(path.getFileName() + FileComponent.DEFAULT_LOCK_FILE_POSTFIX))
                || isSettled(path);
    }

    private void reportOnce(Path path) {
        cleanUp(System.nanoTime());
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && reported.add(path)) {
            LOG.warn("ignoring {}: not a regular file; remove it", path);
        }
    }

    /** Whether a file is complete. Without a marker, always false on the first check and the first after a change. */
    boolean isSettled(Path file) {
        FileState now = FileState.of(file);
        if (now == null) {
            return false;
        }
        if (Files.exists(marker(file))) {
            return true;
        }
        long time = System.nanoTime();
        cleanUp(time);
        boolean[] settled = new boolean[1];
        observations.compute(file, (path, before) -> {
            boolean same = before != null && before.state.equals(now);
            settled[0] = same && time - before.first >= settle;
            return new Observation(now, same ? before.first : time, time);
        });
        return settled[0];
    }

    private void cleanUp(long time) {
        if (time - lastCleanup > FORGET_EVERY) {
            lastCleanup = time;
            observations.values().removeIf(observation -> time - observation.last > FORGET_AFTER);
            reported.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Removes the marker of a file, so that it does not apply to another file of that name. */
    static void unmark(Path file) throws IOException {
        Files.deleteIfExists(marker(file));
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + ".done");
    }
}
