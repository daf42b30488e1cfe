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

/** A file that has its name once it is complete, so that no reader sees half of it. For one thread. */
public final class WholeFile implements Closeable {
    /** What a file is to hold. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    private final Path target;
    private final Path written;
    private final FileChannel channel;
    private final OutputStream out;

    /** Begins it, in a folder that is there. */
    public WholeFile(Path target, Readers readers) throws IOException {
        this.target = target;
        this.written = target.resolveSibling(target.getFileName() + ".tmp");
        this.channel = readers.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel));
    }

    /** Writes it from beginning to end; its folder is made if need be. */
    static void write(Path target, Readers readers, Content content) throws IOException {
        readers.makeFolder(target.getParent());
        try (WholeFile file = new WholeFile(target, readers)) {
            content.write(file.out);
            file.put();
        }
    }

    /** Adds to it. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Gives it its name, in place of an earlier one. */
    public void put() throws IOException {
        out.flush();
        // On disk before it has its name: a power cut leaves the old state or the new one.
        channel.force(true);
        out.close();
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public Path target() {
        return target;
    }

    /** Without its name it is nothing. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(written);
    }
}
