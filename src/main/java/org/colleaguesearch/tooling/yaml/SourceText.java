package org.colleaguesearch.tooling.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.settings.Problem;

/** Reads hand-written text files in UTF-8. */
public final class SourceText {
    /** In bytes. Route and test files are never larger. */
    private static final int LARGEST = 1_000_000;

    private SourceText() {}

    /**
     * Returns the text of a file.
     *
     * @param name of the file in messages
     * @throws Unreadable when the file is not regular, cannot be read, is too large, or is not UTF-8
     */
    public static String read(Path file, Path name) throws Unreadable {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // Opening a named pipe would block until a writer opens it.
            throw new Unreadable(new Problem(name, 1, 1, "not a regular file: remove it"));
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new Unreadable(new Problem(name, 1, 1, "the file is larger than 1 MB: split it"));
            }
            byte[] bytes = Files.readAllBytes(file);
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new Unreadable(notUtf8(name, bytes));
            }
        } catch (IOException e) {
            throw new Unreadable(new Problem(name, 1, 1, "cannot read the file: check that it exists and is readable"));
        }
    }

    /** The problem, at the first line that is not UTF-8. */
    private static Problem notUtf8(Path name, byte[] bytes) {
        String[] written = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1);
        String[] read = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        int line = 0;
        while (line < read.length - 1
                && new String(written[line].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                                .indexOf('\uFFFD')
                        < 0) {
            line++;
        }
        return new Problem(
                name, line + 1, Math.max(1, read[line].indexOf('\uFFFD') + 1), "invalid UTF-8: save the file as UTF-8");
    }
}
