package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.embedded.plugin.Admission;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Readers;
import org.springframework.util.FileSystemUtils;

/**
 * The folder that holds all of one embedded OpenSearch, owned by one application at a time. No other user can read what is
 * in it.
 */
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
            Path folder = Readers.OWNER.makeFolder(path.toAbsolutePath()).toRealPath();
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

    /** What OpenSearch runs in. */
    Path home() {
        return path.resolve("home");
    }

    /** Makes the folders that OpenSearch writes to; those it can make again are emptied. */
    void prepare(Distribution distribution, Login login, OptionalInt owner) {
        try {
            Readers.OWNER.makeFolder(store());
            // An earlier release left it open.
            Readers.OWNER.narrow(store());
            FileSystemUtils.deleteRecursively(tmp());
            Readers.OWNER.makeFolder(tmp());
            FileSystemUtils.deleteRecursively(config());
            PrivateConfig.copy(distribution.config(), config());
            Readers.OWNER.write(config().resolve(Admission.FILE), login.admission());
            FileSystemUtils.deleteRecursively(home());
            PrivateHome.make(distribution, home());
            login.write(loginFile());
            if (owner.isPresent()) {
                for (Path folder : List.of(store(), config(), tmp(), home())) {
                    giveTo(owner.getAsInt(), folder);
                }
                letThrough(owner.getAsInt());
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

    /**
     * Lets the user whom OpenSearch runs as pass through this folder, and through those above it that the application may
     * have made: the ones below its working folder. To pass is not to list.
     */
    private void letThrough(int user) throws IOException {
        Path working = Path.of("").toRealPath();
        for (Path each = path;
                each.equals(path) || (each.startsWith(working) && !each.equals(working));
                each = each.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(each);
            if (!Integer.valueOf(user).equals(Files.getAttribute(each, "unix:uid"))
                    && permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(each, permissions);
            }
        }
    }

    /** OpenSearch lets its group read this file, whatever the umask. */
    void closeKeystore() {
        Path keystore = config().resolve("opensearch.keystore");
        try {
            if (Files.exists(keystore)) {
                Readers.OWNER.narrow(keystore);
            }
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** Named as the form of the file, for those who look for it. */
    Path loginFile() {
        return path.resolve("netrc");
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
