package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Readers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ensures that a data folder has one owner. The operating system releases the lock however the owner exits. */
final class FolderLock {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

    /** Folders locked by this JVM: opening and closing the lock file a second time would release the lock. */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @throws StartFailure if a running application holds it */
    static FolderLock take(Path folder) throws IOException {
        if (!HERE.add(folder)) {
            throw taken(folder, "" + ProcessHandle.current().pid());
        }
        FileChannel channel = null;
        try {
            Path file = folder.resolve("lock");
            channel = Readers.OWNER.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw taken(folder, Files.readString(file));
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.UTF_8.encode("" + ProcessHandle.current().pid()));
            return new FolderLock(folder, channel);
        } catch (IOException | RuntimeException e) {
            HERE.remove(folder);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    private static StartFailure taken(Path folder, String owner) {
        return new StartFailure("colleagues.opensearch.embedded.data=" + folder
                + ": another Colleague Search (process " + owner.strip() + ") uses this folder; stop it, set"
                + " colleagues.opensearch.embedded.data to another folder, or set colleagues.opensearch.url to a running"
                + " OpenSearch");
    }

    boolean isHeld() {
        return channel.isOpen();
    }

    void release() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("cannot close the lock file in {}", folder, e);
        } finally {
            HERE.remove(folder);
        }
    }
}
