package org.colleaguesearch.export;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request for an export.
 *
 * @param caller the name of the API key
 * @param columns the columns of the CSV file after {@code url}; empty for the fields of the first items
 */
record ExportRequest(String caller, String jobId, List<String> urls, Optional<List<String>> columns) {
    ExportRequest {
        urls = List.copyOf(urls);
        columns = columns.map(List::copyOf);
    }

    /** The hexadecimal SHA-256 of the URLs and columns, in order. Requests with the same digest are the same job. */
    String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // With the size of each list, so that the boundary between the two is unambiguous.
            Stream.concat(
                            Stream.concat(Stream.of("urls " + urls.size()), urls.stream()),
                            columns.stream()
                                    .flatMap(list -> Stream.concat(Stream.of("columns " + list.size()), list.stream())))
                    // Unlike UTF-8, UTF-16 also encodes unpaired surrogates distinctly.
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
