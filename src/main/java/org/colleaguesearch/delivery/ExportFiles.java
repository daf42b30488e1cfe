package org.colleaguesearch.delivery;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOConsumer;
import org.apache.commons.io.input.UnsynchronizedBufferedInputStream;
import org.apache.commons.io.output.DeferredFileOutputStream;
import org.colleaguesearch.api.AnswerMemory;
import org.colleaguesearch.api.AnswerMemory.Room;
import org.colleaguesearch.api.PausedException;
import org.colleaguesearch.api.RunCalls;
import org.colleaguesearch.delivery.ExportSpace.Counted;
import org.colleaguesearch.delivery.ExportSpace.Job;
import org.colleaguesearch.delivery.ExportSpace.LimitReached;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Unwritable;
import org.colleaguesearch.indexing.WrittenItems;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The files of an export: {@code <folder>/<batch_id>/result.csv}, {@code result.jsonl} and {@code errors.csv}. Each
 * chunk writes its items to a part of its own, as JSON lines; at the end the parts are joined in the order of the
 * chunks, the CSV file is made of the same lines, and all three are renamed into place. Until its chunk is delivered, the
 * items of a URL are kept beside the part, small ones in memory. So the columns of a CSV file that
 * was asked for without are those of the first part that has any, however often the export was cut off.
 *
 * <p>The items of a URL are written by the thread that calls it, and the part of a chunk by the thread that delivers it;
 * an export is joined when all its chunks are done. What the threads share are the sizes, see {@link ExportSpace}.
 */
@Component("exportFiles")
public class ExportFiles {
    public static final String CSV = "result.csv";
    public static final String JSON_LINES = "result.jsonl";
    public static final String ERRORS = "errors.csv";

    private static final Logger LOG = LoggerFactory.getLogger(ExportFiles.class);
    /** A line is one level deeper than the answer that was read; and what was read whole can be read again, exactly. */
    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .rootValueSeparator("\n")
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2 * StreamReadConstraints.DEFAULT_MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(2 * StreamWriteConstraints.DEFAULT_MAX_DEPTH)
                            .build())
                    // A part has the items of several URLs.
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Items of a URL that are smaller are kept in memory until its chunk is delivered: 100 of them a chunk, and a few chunks a job. */
    private static final int SMALL = 8 * 1024;

    private static final int ERRORS_AT_ONCE = 1_000;

    /** As many as a request can name. */
    private static final int MOST_COLUMNS = 200;

    private static final String URL = "url";
    private static final String ITEM = "item";

    private final Path folder;
    private final Readers readers;
    private final ExportSpace space;
    private final AnswerMemory memory;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final ChunkLedger chunks;
    private final ExportLedger exports;
    private final DatabaseWait database;

    ExportFiles(
            Settings settings,
            CsvDialect dialect,
            ChunkLedger chunks,
            ExportLedger exports,
            DatabaseWait database,
            AnswerMemory memory) {
        this.database = database;
        this.folder = settings.export().folder();
        this.readers = settings.files().readableBy();
        this.space = new ExportSpace(settings.export(), exports, database);
        this.memory = memory;
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
        return parts(folder, batchId);
    }

    static Path parts(Path folder, String batchId) {
        return folder.resolve(batchId).resolve("parts");
    }

    /** What all files of an API key's exports take on disk, in bytes. */
    public long sizeOfKey(String caller) {
        return space.ofKey(caller);
    }

    /** Begins or continues an export. What was written of a chunk that is not done is removed: it is done again. */
    public void begin(String batchId) {
        Set<Path> done = database.call(() -> chunks.done(batchId, Indexer.EXPORT)).stream()
                .map(chunk -> part(batchId, chunk.number()))
                .collect(Collectors.toSet());
        try (Stream<Path> left = Files.walk(folder.resolve(batchId))) {
            for (Path file : left.filter(Files::isRegularFile)
                    .filter(file -> !done.contains(file))
                    .toList()) {
                long size = ExportSpace.size(file);
                Files.delete(file);
                if (!space.isUnderWay(batchId)) {
                    space.removed(batchId, size);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("export {} has no files yet", batchId);
        } catch (IOException e) {
            LOG.warn("cannot remove what export {} has left unfinished: {}", batchId, e.getMessage());
        }
        space.begin(batchId);
    }

    /** Has what is being written for an export end, since it is cancelled. */
    public void stop(String batchId) {
        space.stop(batchId);
    }

    /** Measures anew what keys have on disk: another instance may write, too. */
    @EventListener(Lease.Lost.class)
    void forgetSizes() {
        space.forget();
    }

    private Path part(String batchId, int chunk) {
        // Wide enough for any export, so that names sort as numbers do.
        return parts(batchId).resolve("%09d.jsonl".formatted(chunk));
    }

    /** Whether a chunk's part is there. */
    public boolean hasPart(String batchId, int chunk) {
        return Files.exists(part(batchId, chunk));
    }

    /** The items of a URL: in memory or in a file beside the part, until the part has them. */
    private record Kept(int count, DeferredFileOutputStream bytes) implements WrittenItems {
        void moveTo(OutputStream out) throws IOException {
            bytes.writeTo(out);
            if (!bytes.isInMemory()) {
                Files.delete(bytes.getPath());
            }
        }
    }

    /**
     * Writes the items of a URL, so that memory need not hold them until its chunk is delivered.
     *
     * @param index of the URL in its chunk
     * @return what the outcome of the URL is made of: the items, if they cannot be written as they are
     * @throws NotDeliverable when all items of the export are larger than {@code colleagues.export.max-size}, or all files
     *     of its API key than {@code max-size-per-key}; then nothing is left of these
     * @throws PausedException when the export was not begun, or has ended
     */
    public Object writeItems(Chunk chunk, JsonNode items, int index) throws IOException {
        if (Unwritable.in(items).isPresent()) {
            return items;
        }
        // Not begun anew, which asks the database: who writes holds memory that others wait for.
        Job job = space.jobUnderWay(chunk.batchId());
        Path file = parts(chunk.batchId()).resolve("%09d-%09d.items".formatted(chunk.number(), index));
        readers.makeFolder(file.getParent());
        DeferredFileOutputStream kept = DeferredFileOutputStream.builder()
                .setThreshold(SMALL)
                .setOutputFile(file.toFile())
                .get();
        Counted out = job.items(kept);
        try (out) {
            writeLines(chunk.people().get(index).name(), items, out);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            out.takeBack();
            throw reasonOf(e);
        }
        return new Kept(items.size(), kept);
    }

    private static void writeLines(String url, JsonNode items, OutputStream out) throws IOException {
        try (JsonGenerator lines = JSON.createGenerator(out)) {
            for (JsonNode item : items) {
                lines.writeStartObject();
                lines.writeStringField(URL, url);
                lines.writeFieldName(ITEM);
                lines.writeTree(item);
                lines.writeEndObject();
            }
            if (!items.isEmpty()) {
                lines.writeRaw('\n');
            }
        }
    }

    private static IOException reasonOf(IOException failure) {
        if (failure instanceof LimitReached limit) {
            throw new NotDeliverable(limit.getMessage());
        }
        return failure;
    }

    /**
     * Writes the items of a chunk to its part, in place of one that an earlier attempt may have left.
     *
     * @throws NotDeliverable as {@link #writeItems}
     */
    public void write(ChunkOutcomes outcomes) throws IOException {
        Chunk chunk = outcomes.chunk();
        Path part = part(chunk.batchId(), chunk.number());
        Job job = space.job(chunk.batchId());
        long before = ExportSpace.size(part);
        // First, so that it is on disk for as long as it is counted.
        if (Files.deleteIfExists(part)) {
            job.removedItems(before);
        }
        try {
            WholeFile.write(part, readers, out -> {
                for (Fetched fetched : outcomes.fetched().toList()) {
                    if (fetched.written() instanceof Kept kept) {
                        kept.moveTo(out);
                    } else {
                        writeLines(fetched.call().url(), fetched.section(), job.items(out));
                    }
                }
            });
        } catch (IOException e) {
            throw reasonOf(e);
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
        put(batchId, ERRORS, out -> writeErrors(batchId, out));
        put(batchId, JSON_LINES, out -> {
            for (Path part : all) {
                Files.copy(part, out);
            }
        });
        RunCalls calls = space.job(batchId).calls();
        List<String> columns = columns(batchId, all, calls);
        put(batchId, CSV, out -> writeCsv(all, columns, calls, out));
    }

    /** Puts one of the files into place; nothing is left of one that is too large. */
    private void put(String batchId, String name, WholeFile.Content content) throws IOException {
        Job job = space.job(batchId);
        long before = ExportSpace.size(file(batchId, name));
        List<Counted> counted = new ArrayList<>(1);
        try {
            WholeFile.write(file(batchId, name), readers, out -> {
                counted.add(job.file(out, name));
                content.write(counted.getFirst());
            });
        } catch (IOException e) {
            counted.forEach(Counted::takeBack);
            throw reasonOf(e);
        }
        job.removed(before);
    }

    /** After {@code url}: those that were asked for, or the fields of the first part's items as they appear. */
    private List<String> columns(String batchId, List<Path> all, RunCalls calls) throws IOException {
        Set<String> columns = new LinkedHashSet<>();
        String wanted = database.call(() -> exports.columns(batchId)).orElse(null);
        if (wanted != null) {
            JSON.readTree(wanted).forEach(column -> columns.add(column.textValue()));
        }
        for (int i = 0; i < all.size() && columns.isEmpty(); i++) {
            eachLine(all.get(i), calls, line -> {
                Iterator<String> fields = line.get(ITEM).fieldNames();
                // One more than are taken, since one of them may be the URL.
                while (fields.hasNext() && columns.size() <= MOST_COLUMNS) {
                    columns.add(fields.next());
                }
            });
        }
        columns.remove(URL);
        return columns.stream().limit(MOST_COLUMNS).toList();
    }

    private void writeCsv(List<Path> all, List<String> columns, RunCalls calls, OutputStream out) throws IOException {
        List<String> header = new ArrayList<>(List.of(URL));
        columns.stream().map(cells::of).forEach(header::add);
        out.write(dialect.header(header));
        for (Path part : all) {
            eachLine(part, calls, line -> out.write(dialect.line(row(line, columns))));
        }
    }

    /** Reads a part line by line, each when there is memory for it. */
    private void eachLine(Path part, RunCalls calls, IOConsumer<JsonNode> reader) throws IOException {
        try (InputStream ahead = buffered(part);
                InputStream lines = buffered(part)) {
            for (int length = lineLength(ahead); length > 0; length = lineLength(ahead)) {
                Room room = memory.room(length, calls);
                try {
                    reader.accept(JSON.readTree(lines.readNBytes(length)));
                } finally {
                    room.close();
                }
            }
        }
    }

    private static InputStream buffered(Path part) throws IOException {
        // Byte by byte, Java's own takes a lock for each. No builder(): that is another class's, without a buffer.
        return new UnsynchronizedBufferedInputStream.Builder()
                .setInputStream(Files.newInputStream(part))
                .get();
    }

    /** How many bytes there are to the end of a line, that included; 0 at the end of the file. */
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

    /** Counts what a paused export has on disk, in place of what was counted while it was written. */
    public void pause(String batchId) {
        space.settle(batchId);
    }

    /** Removes the parts of an export that is completed. */
    public void dropParts(String batchId) {
        remove(parts(batchId));
        space.settle(batchId);
    }

    /**
     * Removes all files of an export; none need be there. For whoever has taken its batch, or found it to be free and
     * cancelled it: two at once would count the same files as removed twice.
     */
    public void delete(String batchId) {
        Path files = folder.resolve(batchId);
        long size = ExportSpace.size(files);
        remove(files);
        if (space.isUnderWay(batchId)) {
            space.settle(batchId);
        } else {
            space.removed(batchId, size - ExportSpace.size(files));
        }
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
