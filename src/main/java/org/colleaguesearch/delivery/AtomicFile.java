package org.colleaguesearch.delivery;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.colleaguesearch.settings.Readers;

/** Writes a file under a temporary name and renames it when complete, so that no reader sees half of it. For one thread. */
public final class AtomicFile implements Closeable {
    /** Writes the content of a file. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream out;

    /** Opens a file for writing in an existing folder. */
    public AtomicFile(Path target, Readers readers) throws IOException {
        this.target = target;
        this.temporary = target.resolveSibling(target.getFileName() + ".tmp");
        this.channel = readers.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
    }

    /** Writes a complete file, and creates its folder if needed. */
    static void write(Path target, Readers readers, Content content) throws IOException {
        readers.makeFolder(target.getParent());
        try (AtomicFile file = new AtomicFile(target, readers)) {
            content.write(file.out);
            file.put();
        }
    }

    /** Appends to the file. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Renames the file into place, replacing an existing one. */
    public void put() throws IOException {
        out.flush();
        // Synced before the rename, so that a power cut leaves the old file or the new one.
        channel.force(true);
        out.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public Path target() {
        return target;
    }

    /** Discards the file unless it was put into place. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
