package org.colleaguesearch.tooling.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.settings.Problem;

/** Reads files of text that people write, in UTF-8. */
public final class SourceText {
    /** What is larger is neither routes nor tests. In bytes. */
    private static final int LARGEST = 1_000_000;

    private SourceText() {}

    /**
     * The text of a file.
     *
     * @param name of the file, for messages
     * @throws Unreadable when it is not a regular file, cannot be read, is too large, or is not UTF-8
     */
    public static String read(Path file, Path name) throws Unreadable {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // To open a named pipe is to wait for its writer.
            throw new Unreadable(new Problem(name, 1, 1, "this is not a regular file: remove it"));
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
            throw new Unreadable(new Problem(name, 1, 1, "the file cannot be read: is it there, and may it be read?"));
        }
    }

    /** At the first line that is none. */
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
                name,
                line + 1,
                Math.max(1, read[line].indexOf('\uFFFD') + 1),
                "this is not UTF-8: save the file as UTF-8");
    }
}
