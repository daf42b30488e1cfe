package org.colleaguesearch.export;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An export that someone asks for.
 *
 * @param caller the name of the API key
 * @param columns of the CSV file, after {@code url}; empty for the fields of the first items
 */
record ExportRequest(String caller, String jobId, List<String> urls, Optional<List<String>> columns) {
    ExportRequest {
        urls = List.copyOf(urls);
        columns = columns.map(List::copyOf);
    }

    /** SHA-256 of what makes it the same as another: its URLs and its columns, in order. In hexadecimal. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // With the number of each, so that no two lists look the same one after the other.
            Stream.concat(
                            Stream.concat(Stream.of("urls " + urls.size()), urls.stream()),
                            columns.stream()
                                    .flatMap(list -> Stream.concat(Stream.of("columns " + list.size()), list.stream())))
                    // UTF-16 has bytes of their own for half characters, too.
                    .forEach(text -> add(text.getBytes(StandardCharsets.UTF_16BE), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(byte[] text, MessageDigest digest) {
        digest.update((text.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(text);
    }
}
