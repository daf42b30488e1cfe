package org.colleaguesearch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Readers;

/**
 * The log file of a child process. Only the part that the current start appended is read.
 *
 * @param from offset of the current start's part, in bytes
 */
record ChildLog(Path file, long from) {
    /** Starts append to the log; above this size it is rotated, replacing the previous rotated file. */
    private static final long ROTATE_BYTES = 10_000_000;

    /** A start writes about 30 kB, and more when it fails with long stack traces. */
    private static final int MOST_BYTES = 1_000_000;

    private static final Pattern LISTENS =
            Pattern.compile("HttpServerTransport\\s*\\].*publish_address \\{127\\.0\\.0\\.1:(\\d+)}");

    /** @throws StartFailure if the file cannot be written */
    static ChildLog open(Path path) {
        Path file = path.toAbsolutePath().normalize();
        try {
            Readers.OWNER.makeFolder(file.getParent());
            if (Files.exists(file) && Files.size(file) > ROTATE_BYTES) {
                // Earlier releases left it readable to others.
                Readers.OWNER.narrow(file);
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Readers.OWNER
                    .open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return new ChildLog(file, Files.size(file));
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.embedded.log=" + file + ": cannot write this file (" + e
                            + "); set it to a writable file",
                    e);
        }
    }

    /** The output of the current start so far. */
    String text() {
        try (FileChannel channel = FileChannel.open(file)) {
            int length = (int) Math.clamp(channel.size() - from, 0L, MOST_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(length);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, from + bytes.position());
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The TCP port of OpenSearch's HTTP server, from its log; empty until it listens. */
    OptionalInt port() {
        Matcher listens = LISTENS.matcher(text());
        return listens.find() ? OptionalInt.of(Integer.parseInt(listens.group(1))) : OptionalInt.empty();
    }
}
