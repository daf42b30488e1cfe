package org.colleaguesearch.extract;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a query file row by row: CSV (RFC 4180, UTF-8, with or without a byte order mark) with a header and a column
 * {@code query}. For one thread.
 */
final class QueryFile implements Closeable {
    /** The columns that the result adds. */
    static final List<String> RESULT = List.of("rank", "person_id", "name", "score");

    private static final String COLUMN = "query";
    /** The maximum length of a query in characters: {@code SearchRequest} of the API contract. */
    private static final int MAX_LENGTH = 1_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private final Path file;
    private final BufferedReader reader;
    private final RecordLengthLimit limited;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private List<String> header = List.of();
    private int number;

    private QueryFile(Path file) throws IOException {
        this.file = file;
        this.reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        this.limited = new RecordLengthLimit(reader);
        this.parser = CSVParser.parse(limited, FORMAT);
        this.records = parser.iterator();
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws ExtractFailure if it is not a valid query file
     */
    static QueryFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            // Opening a named pipe would wait for its writer.
            throw new ExtractFailure("not a regular file");
        }
        QueryFile opened = new QueryFile(file);
        try {
            opened.readHeader();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Validates a whole file, so that an invalid one fails before the first search.
     *
     * @return the number of its queries
     * @throws ExtractFailure if the file is invalid
     */
    static int check(Path file) throws IOException {
        try (QueryFile opened = open(file)) {
            while (opened.next() != null) {
                // Reading a row validates it.
            }
            return opened.number;
        }
    }

    List<String> header() {
        return header;
    }

    private void readHeader() throws IOException {
        CSVRecord first = record();
        if (first == null) {
            throw new ExtractFailure(
                    "the file is empty: write a first line with the column names, including '" + COLUMN + "'");
        }
        header = first.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>(RESULT);
        for (String name : header) {
            if (RESULT.contains(name)) {
                throw new ExtractFailure("column '" + name + "' is reserved for the result: rename it");
            }
            if (!seen.add(name)) {
                throw new ExtractFailure("duplicate column '" + name + "'");
            }
        }
        if (!header.contains(COLUMN)) {
            throw new ExtractFailure("missing column '" + COLUMN + "'"
                    + (header.size() == 1 && header.getFirst().matches(".*[;\t|].*")
                            ? "; separate columns by commas"
                            : ""));
        }
    }

    /**
     * The next query, or null after the last one.
     *
     * @throws ExtractFailure if the row is invalid
     */
    Query next() throws IOException {
        CSVRecord record = record();
        if (record == null) {
            return null;
        }
        number++;
        List<String> cells = record.toList();
        // The parser is at the last line of the row.
        long line = parser.getCurrentLineNumber()
                - cells.stream()
                        .mapToLong(cell -> LINE_BREAK.matcher(cell).results().count())
                        .sum();
        if (cells.size() != header.size()) {
            throw new ExtractFailure(
                    "line " + line + " has " + cells.size() + " cells, but the header has " + header.size());
        }
        Query query = new Query(number, line, cells, cells.get(header.indexOf(COLUMN)));
        int length = query.text().codePointCount(0, query.text().length());
        if (length > MAX_LENGTH) {
            throw new ExtractFailure(query + " has " + length + " characters: the maximum is " + MAX_LENGTH);
        }
        return query;
    }

    private CSVRecord record() throws IOException {
        long line = parser.getCurrentLineNumber();
        limited.next();
        try {
            if (line == 0) {
                skipByteOrderMark();
            }
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw problem(e.getCause());
        } catch (CharacterCodingException e) {
            throw problem(e);
        } catch (ExtractFailure e) {
            throw new ExtractFailure("after line " + line + ", " + e.getMessage(), e);
        }
    }

    private void skipByteOrderMark() throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
    }

    private ExtractFailure problem(IOException cause) throws IOException {
        return switch (cause) {
            case CharacterCodingException e ->
                new ExtractFailure("line " + invalidUtf8Line() + " is not UTF-8: save the file as UTF-8", e);
            case CSVException e -> new ExtractFailure("invalid CSV: " + e.getMessage(), e);
            default -> throw cause;
        };
    }

    /**
     * The line, from 1, of the first bytes that are not UTF-8. The parser's line is too early, since its reader decodes a
     * whole buffer at a time.
     */
    private long invalidUtf8Line() throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(8192);
        CharBuffer text = CharBuffer.allocate(8192);
        long line = 1;
        try (ReadableByteChannel in = Files.newByteChannel(file)) {
            boolean isEnd;
            CoderResult decoded;
            do {
                isEnd = in.read(bytes) < 0;
                decoded = decoder.decode(bytes.flip(), text, isEnd);
                line += text.flip().chars().filter(letter -> letter == '\n').count();
                text.clear();
                bytes.compact();
            } while (!isEnd && !decoded.isError());
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
