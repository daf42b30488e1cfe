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
 * Lets files through that nobody writes to any more: those that looked the same at each look for
 * {@code colleagues.extract.settle}, by this process's own clock, and those with a marker {@code <file>.done}. Camel's read
 * lock {@code changed} goes by a file's own time, which a copy may have kept from its source.
 *
 * <p>Only regular files, and links to them, get through: to open a named pipe is to wait for its writer, and a device may
 * have no end.
 *
 * <p>Any thread may ask: a file's looks change in one step.
 */
@Component("settledFiles")
class SettledFiles implements GenericFileFilter<File> {
    private static final Logger LOG = LoggerFactory.getLogger(SettledFiles.class);
    /** Files that are gone are not looked at any more, and forgotten after this time. In ns. */
    private static final long FORGET_AFTER = TimeUnit.HOURS.toNanos(1);

    private static final long FORGET_EVERY = TimeUnit.MINUTES.toNanos(1);

    private record Looks(FileState state, long first, long last) {}

    private final Map<Path, Looks> looks = new ConcurrentHashMap<>();
    /** What the log has named as not regular, for as long as it exists. */
    private final Set<Path> named = ConcurrentHashMap.newKeySet();

    private final long settle;
    private volatile long forgot = System.nanoTime();

    SettledFiles(Settings settings) {
        this.settle = settings.extract().settle().toNanos();
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        Path path = Path.of(file.getAbsoluteFilePath());
        if (!Files.isRegularFile(path)) {
            name(path);
            return false;
        }
        // Camel asks this also before it removes the lock that a crash has left. A file that is locked cannot be taken.
        return Files.exists(path.resolveSibling(path.getFileName() + FileComponent.DEFAULT_LOCK_FILE_POSTFIX))
                || isSettled(path);
    }

    private void name(Path path) {
        forget(System.nanoTime());
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".csv")
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && named.add(path)) {
            LOG.warn("{} is not searched for, since it is not a regular file: remove it", path);
        }
    }

    /** Looks at a file. The first look, and the first after a change, never lets it through without a marker. */
    boolean isSettled(Path file) {
        FileState now = FileState.of(file);
        if (now == null) {
            return false;
        }
        if (Files.exists(marker(file))) {
            return true;
        }
        long time = System.nanoTime();
        forget(time);
        boolean[] settled = new boolean[1];
        looks.compute(file, (path, before) -> {
            boolean same = before != null && before.state.equals(now);
            settled[0] = same && time - before.first >= settle;
            return new Looks(now, same ? before.first : time, time);
        });
        return settled[0];
    }

    private void forget(long time) {
        if (time - forgot > FORGET_EVERY) {
            forgot = time;
            looks.values().removeIf(look -> time - look.last > FORGET_AFTER);
            named.removeIf(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Removes a file's marker: another file of the name is not complete because this one was. */
    static void unmark(Path file) throws IOException {
        Files.deleteIfExists(marker(file));
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + ".done");
    }
}
