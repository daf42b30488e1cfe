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
 * The folder with all files of one embedded OpenSearch, owned by one application at a time. No other user can read its
 * files.
 */
final class DataFolder {
    private final Path path;
    private final FolderLock lock;

    private DataFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws StartFailure if the folder cannot be created or written, or another application owns it */
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
                "colleagues.opensearch.embedded.data=" + path + ": cannot write to this folder (" + e
                        + "); set it to a writable folder",
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

    /** The home folder of OpenSearch. */
    Path home() {
        return path.resolve("home");
    }

    /** Creates the folders that OpenSearch uses. All but the store are recreated from scratch. */
    void prepare(Distribution distribution, Login login, OptionalInt owner) {
        try {
            Readers.OWNER.makeFolder(store());
            // Earlier releases left it readable to others.
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
     * Lets the user that OpenSearch runs as traverse this folder and its parents below the working folder, which the
     * application may have created. Traversing a folder does not allow listing it.
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

    /** OpenSearch makes this file readable to its group, whatever the umask. */
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

    /** Named after its format, so users can guess what it is. */
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

    /** Releases the folder. {@code stopped}: no process runs here any more, so the record is deleted. */
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
