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
 * The file that takes a child's output, of which only what the present start appended is read.
 *
 * @param from where the present start's part begins, in bytes
 */
record ChildLog(Path file, long from) {
    /** The log is appended to from start to start; past this it is set aside, over the one set aside before. */
    private static final long SET_ASIDE_BYTES = 10_000_000;

    /** A start writes some 30 kB; more is read of one that fails with long stack traces. */
    private static final int MOST_BYTES = 1_000_000;

    private static final Pattern LISTENS =
            Pattern.compile("HttpServerTransport\\s*\\].*publish_address \\{127\\.0\\.0\\.1:(\\d+)}");

    /** @throws StartFailure if the file cannot be written */
    static ChildLog open(Path path) {
        Path file = path.toAbsolutePath().normalize();
        try {
            Readers.OWNER.makeFolder(file.getParent());
            if (Files.exists(file) && Files.size(file) > SET_ASIDE_BYTES) {
                // An earlier release left it open.
                Readers.OWNER.narrow(file);
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Readers.OWNER
                    .open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return new ChildLog(file, Files.size(file));
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.embedded.log=" + file + ": cannot be written (" + e
                            + "); set it to a file that can",
                    e);
        }
    }

    /** What the present start has written so far. */
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

    /** The TCP port on which this start serves HTTP, as OpenSearch itself says; empty until it does. */
    OptionalInt port() {
        Matcher listens = LISTENS.matcher(text());
        return listens.find() ? OptionalInt.of(Integer.parseInt(listens.group(1))) : OptionalInt.empty();
    }
}
