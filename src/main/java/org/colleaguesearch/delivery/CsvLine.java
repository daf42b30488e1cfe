package org.colleaguesearch.delivery;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/** A line of a CSV file as bytes: RFC 4180, UTF-8. */
public final class CsvLine {
    private CsvLine() {}

    public static byte[] of(List<String> cells) {
        return (CSVFormat.RFC4180.format(cells.toArray()) + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
