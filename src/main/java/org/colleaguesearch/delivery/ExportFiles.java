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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.output.DeferredFileOutputStream;
import org.colleaguesearch.delivery.ExportSpace.Counted;
import org.colleaguesearch.delivery.ExportSpace.Job;
import org.colleaguesearch.delivery.ExportSpace.LimitReached;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Unwritable;
import org.colleaguesearch.indexing.WrittenItems;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.AnswerMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The files of an export: {@code <folder>/<batch_id>/result.csv}, {@code result.jsonl} and {@code errors.csv}. Until its
 * chunk is delivered, the items of a URL are kept beside the part, small ones in memory. Each chunk writes its items to a
 * part of its own, as JSON lines. At the end the parts are joined in the order of the chunks, {@link ExportResults} makes
 * the CSV files, and all three are renamed into place.
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
    static final ObjectMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
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

    static final String URL = "url";
    static final String ITEM = "item";

    private final Path folder;
    private final Readers readers;
    private final ExportSpace space;
    private final ExportResults results;
    private final ChunkLedger chunks;
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
        this.results = new ExportResults(
                new CsvCells(settings.csv().neutraliseFormulas()), dialect, chunks, exports, database, memory);
        this.chunks = chunks;
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
        Path files = folder.resolve(batchId);
        long before = ExportSpace.size(files);
        try (Stream<Path> left = Files.walk(files)) {
            for (Path file : left.filter(Files::isRegularFile)
                    .filter(file -> !done.contains(file))
                    .toList()) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("export {} has no files yet", batchId);
        } catch (IOException e) {
            LOG.warn("cannot remove what export {} has left unfinished: {}", batchId, e.getMessage());
        }
        if (!space.isUnderWay(batchId)) {
            space.removed(batchId, before - ExportSpace.size(files));
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
        Job job = space.job(batchId);
        put(batchId, ERRORS, job, out -> results.writeErrors(batchId, out));
        put(batchId, JSON_LINES, job, out -> {
            for (Path part : all) {
                Files.copy(part, out);
            }
        });
        List<String> columns = results.columns(batchId, all, job.calls());
        put(batchId, CSV, job, out -> results.writeCsv(all, columns, job.calls(), out));
    }

    /** Puts one of the files into place; nothing is left of one that is too large. */
    private void put(String batchId, String name, Job job, WholeFile.Content content) throws IOException {
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
