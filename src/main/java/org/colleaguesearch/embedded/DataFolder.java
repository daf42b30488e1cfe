package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.colleaguesearch.settings.StartFailure;
import org.springframework.util.FileSystemUtils;

/** The folder that holds all of one embedded OpenSearch, owned by one application at a time. */
final class DataFolder {
    private final Path path;
    private final FolderLock lock;

    private DataFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws StartFailure if the folder cannot be made or written, or has another owner */
    static DataFolder open(Path path) {
        try {
            Path folder = Files.createDirectories(path.toAbsolutePath()).toRealPath();
            return new DataFolder(folder, FolderLock.take(folder));
        } catch (IOException e) {
            throw unusable(path.toAbsolutePath().normalize(), e);
        }
    }

    private static StartFailure unusable(Path path, IOException e) {
        return new StartFailure(
                "colleagues.opensearch.embedded.data=" + path + ": cannot be written (" + e
                        + "); set it to a folder that can",
                e);
    }

    Path path() {
        return path;
    }

    Path store() {
        return path.resolve("store");
    }

    Path config() {
        return path.resolve("config");
    }

    Path tmp() {
        return path.resolve("tmp");
    }

    /** Makes the folders that OpenSearch writes to; those it can make again are emptied. */
    void prepare(Distribution distribution, OptionalInt owner) {
        try {
            Files.createDirectories(store());
            FileSystemUtils.deleteRecursively(tmp());
            Files.createDirectories(tmp());
            FileSystemUtils.deleteRecursively(config());
            PrivateConfig.copy(distribution.config(), config());
            if (owner.isPresent()) {
                for (Path folder : List.of(store(), config(), tmp())) {
                    giveTo(owner.getAsInt(), folder);
                }
            }
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static void giveTo(int user, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!Integer.valueOf(user).equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
                    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    Optional<ChildRecord> readRecord() {
        return ChildRecord.read(recordFile());
    }

    void write(ChildRecord record) {
        try {
            record.write(recordFile());
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** Gives the folder up. {@code stopped}: no process runs here, so none need be on record. */
    synchronized void close(boolean stopped) {
        if (stopped && lock.isHeld()) {
            recordFile().toFile().delete();
        }
        lock.release();
    }

    private Path recordFile() {
        return path.resolve("child.properties");
    }
}
