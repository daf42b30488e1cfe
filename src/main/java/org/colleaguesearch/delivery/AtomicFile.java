package org.colleaguesearch.delivery;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.colleaguesearch.settings.Readers;

/** Writes a file under a temporary name and renames it when complete, so that no reader sees half of it. For one thread. */
public final class AtomicFile implements Closeable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private final Object key;
    private final OutputStream out;

    /** Opens a file for writing in an existing folder. */
    public AtomicFile(Path target, Readers readers) throws IOException {
        this.target = target;
        this.temporary = target.resolveSibling(target.getFileName() + ".tmp");
        // A new one: an earlier writer that turns out to be still there, such as a suspended node, goes on with its
        // own.
        Files.deleteIfExists(temporary);
        this.channel = readers.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.key = key();
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
    }

    /** Writes a complete file, and creates its folder if needed. */
    static void write(Path target, Readers readers, FileStore.Content content) throws IOException {
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
        if (!isOwn()) {
            throw new IOException(temporary + " was replaced by another writer");
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public Path target() {
        return target;
    }

    /** Discards the file unless it was put into place. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (isOwn()) {
            Files.deleteIfExists(temporary);
        }
    }

    /** Whether nobody has replaced the temporary file; true where files cannot be told apart, as on Windows. */
    private boolean isOwn() throws IOException {
        try {
            return Objects.equals(key, key());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Object key() throws IOException {
        return Files.readAttributes(temporary, BasicFileAttributes.class).fileKey();
    }
}
