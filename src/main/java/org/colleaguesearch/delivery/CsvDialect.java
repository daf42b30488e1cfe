package org.colleaguesearch.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.DataFormat;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * The dialect of every CSV file that the application writes: RFC 4180 in UTF-8, with the delimiter, quotes, line ends
 * and byte order mark of {@code colleagues.csv}. It writes headers, rows, errors and merged rows, so that no file mixes
 * dialects; routes use it as {@code marshal: custom: {ref: csvDialect}}. Immutable.
 */
@Component("csvDialect")
public class CsvDialect implements DataFormat {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final CSVFormat format;
    private final boolean hasByteOrderMark;

    CsvDialect(Settings settings) {
        Settings.Csv csv = settings.csv();
        this.format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(csv.delimiterCharacter())
                .setQuoteMode(
                        switch (csv.quote()) {
                            case MINIMAL -> QuoteMode.MINIMAL;
                            case ALL -> QuoteMode.ALL;
                        })
                .setRecordSeparator(
                        switch (csv.lineEnd()) {
                            case CRLF -> "\r\n";
                            case LF -> "\n";
                        })
                .get();
        this.hasByteOrderMark = csv.bom();
    }

    /** A row without a line end. */
    public String text(Collection<String> cells) {
        return format.format(cells.toArray());
    }

    /** A row with its line end. */
    public byte[] line(Collection<String> cells) {
        return (text(cells) + format.getRecordSeparator()).getBytes(StandardCharsets.UTF_8);
    }

    /** The first row of a file, with the byte order mark if one is configured. */
    public byte[] header(Collection<String> cells) {
        String mark = hasByteOrderMark ? BYTE_ORDER_MARK : "";
        return (mark + text(cells) + format.getRecordSeparator()).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses a file without header and byte order mark.
     *
     * @throws IOException while reading, if the file is not valid UTF-8 or CSV
     */
    CSVParser parse(byte[] rows) throws IOException {
        // CSVParser.parse(InputStream, …) would replace invalid UTF-8 silently; this reader fails.
        return CSVParser.parse(
                new InputStreamReader(new ByteArrayInputStream(rows), StandardCharsets.UTF_8.newDecoder()), format);
    }

    /**
     * Writes rows, always in UTF-8, regardless of the charset of the exchange.
     *
     * @param rows a list of rows, each a map of column to cell or a list of cells
     */
    @Override
    public void marshal(Exchange exchange, Object rows, OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        CSVPrinter printer = new CSVPrinter(writer, format);
        for (Object row : rows instanceof Iterable<?> all ? all : List.of(rows)) {
            printer.printRecord(
                    switch (row) {
                        case Map<?, ?> cells -> cells.values();
                        case Iterable<?> cells -> cells;
                        default ->
                            throw new IllegalArgumentException(
                                    "csvDialect expects a list of maps or lists, but got an item of type "
                                            + row.getClass().getSimpleName());
                    });
        }
        printer.flush();
    }

    /** Reads rows as lists of cells. */
    @Override
    public Object unmarshal(Exchange exchange, InputStream in) throws IOException {
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
        List<List<String>> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(reader, format)) {
            for (CSVRecord row : parser) {
                rows.add(row.toList());
            }
        }
        return rows;
    }

    @Override
    public void start() {
        // Stateless.
    }

    @Override
    public void stop() {
        // Stateless.
    }
}
