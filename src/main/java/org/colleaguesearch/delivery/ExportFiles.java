package org.colleaguesearch.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/**
 * The files of an export: {@code <folder>/<batch_id>/result.csv}, {@code result.jsonl} and {@code errors.csv}. Each
 * chunk writes its items to a part of its own, as JSON lines; at the end the parts are joined in the order of the
 * chunks, the CSV file is made of the same lines, and all three are renamed into place. So the columns of a CSV file that
 * was asked for without are those of the first part that has any, however often the export was cut off.
 *
 * <p>The part of a chunk is written by the thread that delivers it; an export is joined when all its chunks are done.
 * What the threads share is the size of each export's parts, an atomic number.
 */
@Component("exportFiles")
public class ExportFiles {
    public static final String CSV = "result.csv";
    public static final String JSON_LINES = "result.jsonl";
    public static final String ERRORS = "errors.csv";

    private static final Logger LOG = LoggerFactory.getLogger(ExportFiles.class);
    /** A line is one level deeper than the answer that was read; and what was read whole can be read again, exactly. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2 * StreamReadConstraints.DEFAULT_MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(2 * StreamWriteConstraints.DEFAULT_MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final byte[] LINE_END = {'\n'};
    private static final int ERRORS_AT_ONCE = 1_000;

    /** As many as a request can name. */
    private static final int MOST_COLUMNS = 200;

    private static final String URL = "url";
    private static final String ITEM = "item";

    private final Path folder;
    private final DataSize maxSize;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final ChunkLedger chunks;
    private final ExportLedger exports;
    private final DatabaseWait database;
    /** By batch; of those under way. */
    private final ConcurrentHashMap<String, AtomicLong> sizes = new ConcurrentHashMap<>();

    ExportFiles(
            Settings settings, CsvDialect dialect, ChunkLedger chunks, ExportLedger exports, DatabaseWait database) {
        this.database = database;
        this.folder = settings.export().folder();
        this.maxSize = settings.export().maxSize();
        this.cells = new CsvCells(settings.csv().neutraliseFormulas());
        this.dialect = dialect;
        this.chunks = chunks;
        this.exports = exports;
    }

    /** A file of an export that is completed, by one of the three names. */
    public Path file(String batchId, String name) {
        return folder.resolve(batchId).resolve(name);
    }

    private Path parts(String batchId) {
        return folder.resolve(batchId).resolve("parts");
    }

    private Path part(String batchId, int chunk) {
        // Wide enough for any export, so that names sort as numbers do.
        return parts(batchId).resolve("%09d.jsonl".formatted(chunk));
    }

    /** Whether a chunk's part is there. */
    public boolean hasPart(String batchId, int chunk) {
        return Files.exists(part(batchId, chunk));
    }

    /**
     * Writes the items of a chunk to its part, in place of one that an earlier attempt may have left.
     *
     * @throws NotDeliverable when all parts together are larger than {@code colleagues.export.max-size}
     */
    public void write(ChunkOutcomes outcomes) throws IOException {
        Chunk chunk = outcomes.chunk();
        Path part = part(chunk.batchId(), chunk.number());
        if (!sizes.containsKey(chunk.batchId())) {
            sizes.putIfAbsent(chunk.batchId(), new AtomicLong(size(parts(chunk.batchId()))));
        }
        AtomicLong size = sizes.get(chunk.batchId());
        long before = Files.exists(part) ? Files.size(part) : 0;
        WholeFile.write(part, out -> {
            for (Fetched fetched : outcomes.fetched().toList()) {
                for (JsonNode item : fetched.section()) {
                    ObjectNode line = JSON.createObjectNode();
                    line.put(URL, fetched.call().url());
                    line.set(ITEM, item);
                    out.write(JSON.writeValueAsBytes(line));
                    out.write(LINE_END);
                }
            }
        });
        check(size.addAndGet(Files.size(part) - before), JSON_LINES);
    }

    private static long size(Path folder) throws IOException {
        long size = 0;
        for (Path part : CsvParts.sorted(folder)) {
            size += Files.size(part);
        }
        return size;
    }

    private void check(long size, String file) {
        if (size > maxSize.toBytes()) {
            throw new NotDeliverable(
                    file + " is larger than colleagues.export.max-size, " + maxSize.toBytes() + " bytes: ask for less");
        }
    }

    /**
     * Puts the three files of an export into place. Its parts stay until it is known to be completed.
     *
     * @throws IOException when that fails
     * @throws NotDeliverable when a file is larger than {@code colleagues.export.max-size}
     */
    public void join(String batchId) throws IOException {
        List<Path> all = CsvParts.complete(parts(batchId), database.call(() -> chunks.done(batchId, Indexer.EXPORT)));
        WholeFile.write(file(batchId, ERRORS), out -> writeErrors(batchId, out));
        WholeFile.write(file(batchId, JSON_LINES), out -> {
            for (Path part : all) {
                Files.copy(part, out);
            }
        });
        List<String> columns = columns(batchId, all);
        WholeFile.write(file(batchId, CSV), out -> writeCsv(all, columns, out));
    }

    /** After {@code url}: those that were asked for, or the fields of the first part's items as they appear. */
    private List<String> columns(String batchId, List<Path> all) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        String wanted = database.call(() -> exports.columns(batchId)).orElse(null);
        if (wanted != null) {
            JSON.readTree(wanted).forEach(column -> columns.add(column.textValue()));
        }
        for (int i = 0; i < all.size() && columns.isEmpty(); i++) {
            try (BufferedReader lines = Files.newBufferedReader(all.get(i))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JSON.readTree(line).get(ITEM).fieldNames().forEachRemaining(columns::add);
                }
            }
        }
        columns.remove(URL);
        return columns.stream().limit(MOST_COLUMNS).toList();
    }

    private void writeCsv(List<Path> all, List<String> columns, OutputStream out) throws IOException {
        List<String> header = new ArrayList<>(List.of(URL));
        columns.stream().map(cells::of).forEach(header::add);
        byte[] first = dialect.header(header);
        out.write(first);
        long size = first.length;
        for (Path part : all) {
            try (BufferedReader lines = Files.newBufferedReader(part)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    byte[] row = dialect.line(row(JSON.readTree(line), columns));
                    out.write(row);
                    size += row.length;
                    check(size, CSV);
                }
            }
        }
    }

    private List<String> row(JsonNode line, List<String> columns) {
        List<String> row = new ArrayList<>(columns.size() + 1);
        row.add(cells.of(line.get(URL)));
        columns.forEach(column -> row.add(cells.of(line.get(ITEM).get(column))));
        return row;
    }

    private void writeErrors(String batchId, OutputStream out) throws IOException {
        out.write(dialect.header(List.of(URL, "reason", "status", "attempts")));
        int last = -1;
        List<FailedUrl> page;
        do {
            int after = last;
            page = database.call(() -> chunks.failed(batchId, Indexer.EXPORT, after, ERRORS_AT_ONCE));
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

    /** Removes the parts of an export that is completed. */
    public void dropParts(String batchId) {
        sizes.remove(batchId);
        remove(parts(batchId));
    }

    /** Removes all files of an export; none need be there. */
    public void delete(String batchId) {
        sizes.remove(batchId);
        remove(folder.resolve(batchId));
    }

    private static void remove(Path files) {
        try {
            FileSystemUtils.deleteRecursively(files);
        } catch (NoSuchFileException e) {
            // Someone else was faster.
            LOG.debug("{} is gone already", files);
        } catch (IOException e) {
            // They are only in the way of the disk's owner.
            LOG.warn("cannot remove {}: {}", files, e.getMessage());
        }
    }
}
