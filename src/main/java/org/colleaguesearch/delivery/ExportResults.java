package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.input.UnsynchronizedBufferedInputStream;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.source.ResponseMemory;
import org.colleaguesearch.source.ResponseMemory.Room;
import org.colleaguesearch.source.RunCalls;

/**
 * Writes the CSV files of an export: {@code result.csv} from its parts, {@code errors.csv} from the ledger. Stateless.
 */
final class ExportResults {
    private static final int ERROR_PAGE = 1_000;

    /** The maximum that a request may name. */
    private static final int MAX_COLUMNS = 200;

    private final FileStore store;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final ChunkLedger chunks;
    private final ExportLedger exports;
    private final DatabaseWait database;
    private final ResponseMemory memory;

    ExportResults(
            FileStore store,
            CsvCells cells,
            CsvDialect dialect,
            ChunkLedger chunks,
            ExportLedger exports,
            DatabaseWait database,
            ResponseMemory memory) {
        this.store = store;
        this.cells = cells;
        this.dialect = dialect;
        this.chunks = chunks;
        this.exports = exports;
        this.database = database;
        this.memory = memory;
    }

    /**
     * The columns of {@code result.csv} after {@code url}: the requested ones; by default, the fields of the items in the
     * first part that has any, in order of appearance. Interrupting the export therefore does not change them.
     */
    List<String> columns(String batchId, List<StoredFile> all, RunCalls calls) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        String wanted = database.call(() -> exports.columns(batchId)).orElse(null);
        if (wanted != null) {
            ExportLines.JSON.readTree(wanted).forEach(column -> columns.add(column.textValue()));
        }
        for (int i = 0; i < all.size() && columns.isEmpty(); i++) {
            eachLine(all.get(i), calls, line -> {
                Iterator<String> fields = line.get(ExportLines.ITEM).fieldNames();
                // One extra, since one of them may be the URL.
                while (fields.hasNext() && columns.size() <= MAX_COLUMNS) {
                    columns.add(fields.next());
                }
            });
        }
        columns.remove(ExportLines.URL);
        return columns.stream().limit(MAX_COLUMNS).toList();
    }

    void writeCsv(List<StoredFile> all, List<String> columns, RunCalls calls, OutputStream out) throws IOException {
        List<String> header = new ArrayList<>(List.of(ExportLines.URL));
        columns.stream().map(cells::of).forEach(header::add);
        out.write(dialect.header(header));
        for (StoredFile part : all) {
            eachLine(part, calls, line -> out.write(dialect.line(row(line, columns))));
        }
    }

    /** Reads a part line by line, waiting for memory before each line. */
    private void eachLine(StoredFile part, RunCalls calls, IOConsumer<JsonNode> reader) throws IOException {
        try (InputStream ahead = buffered(part);
                InputStream lines = buffered(part)) {
            for (int length = lineLength(ahead); length > 0; length = lineLength(ahead)) {
                Room room = memory.room(length, calls);
                try {
                    reader.accept(ExportLines.JSON.readTree(lines.readNBytes(length)));
                } finally {
                    room.close();
                }
            }
        }
    }

    private InputStream buffered(StoredFile part) throws IOException {
        // The JDK's BufferedInputStream locks on every byte. The inherited builder() would make an unbuffered stream.
        return new UnsynchronizedBufferedInputStream.Builder()
                .setInputStream(store.read(part))
                .get();
    }

    /** The length of the next line in bytes, including its line end; 0 at the end of the file. */
    private static int lineLength(InputStream in) throws IOException {
        int length = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            length++;
            if (b == '\n') {
                break;
            }
        }
        return length;
    }

    private List<String> row(JsonNode line, List<String> columns) {
        List<String> row = new ArrayList<>(columns.size() + 1);
        row.add(cells.of(line.get(ExportLines.URL)));
        columns.forEach(column -> row.add(cells.of(line.get(ExportLines.ITEM).get(column))));
        return row;
    }

    void writeErrors(String batchId, OutputStream out) throws IOException {
        out.write(dialect.header(List.of(ExportLines.URL, "reason", "status", "attempts")));
        int last = -1;
        List<FailedUrl> page;
        do {
            int after = last;
            page = database.call(() -> chunks.failed(batchId, Indexer.EXPORT, after, ERROR_PAGE));
            for (FailedUrl each : page) {
                out.write(dialect.line(error(each.failed())));
                last = each.position();
            }
        } while (!page.isEmpty());
    }

    private List<String> error(Failed failed) {
        return List.of(
                cells.of(failed.call().url()),
                cells.of(failed.reason()),
                failed.status() == null ? "" : failed.status().toString(),
                Integer.toString(failed.attempts()));
    }
}
