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
 * A file of queries: CSV (RFC 4180, UTF-8, with or without a byte order mark) with a header that has a column
 * {@code query}. Read a row at a time. For one thread.
 */
final class QueryFile implements Closeable {
    /** What the result adds to the columns. */
    static final List<String> RESULT = List.of("rank", "person_id", "name", "score");

    private static final String COLUMN = "query";
    /** Characters that the search takes: {@code SearchRequest} of the contract. */
    private static final int LONGEST = 1_000;

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private final Path file;
    private final BufferedReader reader;
    private final LimitedRecords limited;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private List<String> header = List.of();
    private int number;

    private QueryFile(Path file) throws IOException {
        this.file = file;
        this.reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        this.limited = new LimitedRecords(reader);
        this.parser = CSVParser.parse(limited, FORMAT);
        this.records = parser.iterator();
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws ExtractFailure when it is none of its kind
     */
    static QueryFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            // To open a named pipe is to wait for its writer.
            throw new ExtractFailure("it is not a regular file");
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
     * Reads a whole file, so that none is begun that could not be ended.
     *
     * @return the number of its queries
     * @throws ExtractFailure when something is wrong with it, and where
     */
    static int check(Path file) throws IOException {
        try (QueryFile opened = open(file)) {
            while (opened.next() != null) {
                // Each is checked as it is read.
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
            throw new ExtractFailure("it is empty: its first line is to name the columns, one of them " + COLUMN);
        }
        header = first.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>(RESULT);
        for (String name : header) {
            if (RESULT.contains(name)) {
                throw new ExtractFailure("it has a column " + name + ", as the result has: give it another name");
            }
            if (!seen.add(name)) {
                throw new ExtractFailure("it has two columns named '" + name + "'");
            }
        }
        if (!header.contains(COLUMN)) {
            throw new ExtractFailure("it has no column named " + COLUMN
                    + (header.size() == 1 && header.getFirst().matches(".*[;\t|].*")
                            ? "; columns are to be separated by commas"
                            : ""));
        }
    }

    /**
     * The next query, or null after the last one.
     *
     * @throws ExtractFailure when its row is a bad one
     */
    Query next() throws IOException {
        CSVRecord record = record();
        if (record == null) {
            return null;
        }
        number++;
        List<String> cells = record.toList();
        // The parser is at the row's last line.
        long line = parser.getCurrentLineNumber()
                - cells.stream()
                        .mapToLong(cell -> LINE_BREAK.matcher(cell).results().count())
                        .sum();
        if (cells.size() != header.size()) {
            throw new ExtractFailure("line " + line + " does not have as many cells as the header, which has "
                    + header.size() + ", but " + cells.size());
        }
        Query query = new Query(number, line, cells, cells.get(header.indexOf(COLUMN)));
        int length = query.text().codePointCount(0, query.text().length());
        if (length > LONGEST) {
            throw new ExtractFailure(query + " has " + length + " characters: the search takes " + LONGEST);
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
                new ExtractFailure("line " + lineOfNoUtf8() + " is not UTF-8: save the file as UTF-8", e);
            case CSVException e -> new ExtractFailure("it is no CSV: " + e.getMessage(), e);
            default -> throw cause;
        };
    }

    /**
     * The line, from 1, of the first bytes that are not UTF-8. The parser's own line is an earlier one, since its reader
     * decodes a whole buffer at a time.
     */
    private long lineOfNoUtf8() throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.allocate(8192);
        CharBuffer text = CharBuffer.allocate(8192);
        long line = 1;
        try (ReadableByteChannel in = Files.newByteChannel(file)) {
            boolean isRead;
            CoderResult decoded;
            do {
                isRead = in.read(bytes) < 0;
                decoded = decoder.decode(bytes.flip(), text, isRead);
                line += text.flip().chars().filter(letter -> letter == '\n').count();
                text.clear();
                bytes.compact();
            } while (!isRead && !decoded.isError());
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
