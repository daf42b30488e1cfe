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
import org.colleaguesearch.delivery.ExportQuota.Counted;
import org.colleaguesearch.delivery.ExportQuota.Job;
import org.colleaguesearch.delivery.ExportQuota.LimitReached;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Unwritable;
import org.colleaguesearch.indexing.WrittenItems;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ResponseMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The files of an export: {@code <folder>/<batch_id>/result.csv}, {@code result.jsonl} and {@code errors.csv}. The items
 * of a URL are kept beside the part of its chunk, or in memory if small, until the chunk is delivered. Each chunk writes
 * its items to its own part as JSON lines. At the end the parts are joined in chunk order, {@link ExportResults} writes
 * the CSV files, and all three files are renamed into place.
 *
 * <p>The thread that calls a URL writes its items; the thread that delivers a chunk writes its part; an export is joined
 * when all its chunks are done. Threads share only the sizes, see {@link ExportQuota}.
 */
@Component("exportFiles")
public class ExportFiles {
    public static final String CSV = "result.csv";
    public static final String JSON_LINES = "result.jsonl";
    public static final String ERRORS = "errors.csv";

    private static final Logger LOG = LoggerFactory.getLogger(ExportFiles.class);
    /** A line nests one level deeper than the response it was read from, and must be readable again without loss. */
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
                    // A part holds the items of several URLs.
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Up to this size, the items of a URL stay in memory: at most 100 URLs per chunk, and a few chunks per job. */
    private static final int MEMORY_THRESHOLD = 8 * 1024;

    static final String URL = "url";
    static final String ITEM = "item";

    private final Path folder;
    private final Readers readers;
    private final ExportQuota space;
    private final ExportResults results;
    private final ChunkLedger chunks;
    private final DatabaseWait database;

    ExportFiles(
            Settings settings,
            CsvDialect dialect,
            ChunkLedger chunks,
            ExportLedger exports,
            DatabaseWait database,
            ResponseMemory memory) {
        this.database = database;
        this.folder = settings.export().folder();
        this.readers = settings.files().readableBy();
        this.space = new ExportQuota(settings.export(), exports, database);
        this.results = new ExportResults(
                new CsvCells(settings.csv().neutraliseFormulas()), dialect, chunks, exports, database, memory);
        this.chunks = chunks;
    }

    /** A file of a completed export. */
    public Path file(String batchId, String name) {
        return folder.resolve(batchId).resolve(name);
    }

    private Path parts(String batchId) {
        return parts(folder, batchId);
    }

    static Path parts(Path folder, String batchId) {
        return folder.resolve(batchId).resolve("parts");
    }

    /** The size of all export files of an API key, in bytes. */
    public long sizeOfKey(String caller) {
        return space.ofKey(caller);
    }

    /** Starts or resumes an export. Removes the files of unfinished chunks, which are repeated. */
    public void begin(String batchId) {
        Set<Path> done = database.call(() -> chunks.done(batchId, Indexer.EXPORT)).stream()
                .map(chunk -> part(batchId, chunk.number()))
                .collect(Collectors.toSet());
        Path files = folder.resolve(batchId);
        long before = ExportQuota.size(files);
        try (Stream<Path> left = Files.walk(files)) {
            for (Path file : left.filter(Files::isRegularFile)
                    .filter(file -> !done.contains(file))
                    .toList()) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("export {} has no files yet", batchId);
        } catch (IOException e) {
            LOG.warn("cannot remove unfinished files of export {}: {}", batchId, e.getMessage());
        }
        if (!space.isUnderWay(batchId)) {
            space.removed(batchId, before - ExportQuota.size(files));
        }
        space.begin(batchId);
    }

    /** Stops all writes for a cancelled export. */
    public void stop(String batchId) {
        space.stop(batchId);
    }

    /** Makes the sizes be measured again, since another instance may have written files. */
    @EventListener(Lease.Lost.class)
    void forgetSizes() {
        space.forget();
    }

    private Path part(String batchId, int chunk) {
        // Padded so that names sort numerically.
        return parts(batchId).resolve("%09d.jsonl".formatted(chunk));
    }

    /** Whether the part of a chunk exists. */
    public boolean hasPart(String batchId, int chunk) {
        return Files.exists(part(batchId, chunk));
    }

    /** The items of a URL, in memory or in a file beside the part, until they are moved to the part. */
    private record Kept(int count, DeferredFileOutputStream bytes) implements WrittenItems {
        void moveTo(OutputStream out) throws IOException {
            bytes.writeTo(out);
            if (!bytes.isInMemory()) {
                Files.delete(bytes.getPath());
            }
        }
    }

    /**
     * Writes the items of a URL to disk, so that they do not occupy memory until the chunk is delivered.
     *
     * @param index of the URL in its chunk
     * @return the written items; or the items themselves, if they cannot be written unchanged
     * @throws NotDeliverable if the items of the export exceed {@code colleagues.export.max-size}, or the files of its API
     *     key {@code max-size-per-key}; the items of this URL are removed then
     * @throws PausedException if the export is not running on this instance
     */
    public Object writeItems(Chunk chunk, JsonNode items, int index) throws IOException {
        if (Unwritable.in(items).isPresent()) {
            return items;
        }
        // Never starts a job, which queries the database: the caller holds memory that others wait for.
        Job job = space.jobUnderWay(chunk.batchId());
        Path file = parts(chunk.batchId()).resolve("%09d-%09d.items".formatted(chunk.number(), index));
        readers.makeFolder(file.getParent());
        DeferredFileOutputStream kept = DeferredFileOutputStream.builder()
                .setThreshold(MEMORY_THRESHOLD)
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
     * Writes the items of a chunk to its part, replacing that of an earlier attempt.
     *
     * @throws NotDeliverable as {@link #writeItems}
     */
    public void write(ChunkOutcomes outcomes) throws IOException {
        Chunk chunk = outcomes.chunk();
        Path part = part(chunk.batchId(), chunk.number());
        Job job = space.job(chunk.batchId());
        long before = ExportQuota.size(part);
        // Deleted first, so that the counted size matches the disk.
        if (Files.deleteIfExists(part)) {
            job.removedItems(before);
        }
        try {
            AtomicFile.write(part, readers, out -> {
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
     * Writes the three files of an export. The parts stay until the ledger has recorded the export as completed.
     *
     * @throws IOException if writing fails
     * @throws NotDeliverable if a file exceeds {@code colleagues.export.max-size}
     */
    public void join(String batchId) throws IOException {
        List<Path> all = complete(parts(batchId), database.call(() -> chunks.done(batchId, Indexer.EXPORT)));
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

    /** Writes one of the files; removes it if it is too large. */
    private void put(String batchId, String name, Job job, AtomicFile.Content content) throws IOException {
        long before = ExportQuota.size(file(batchId, name));
        List<Counted> counted = new ArrayList<>(1);
        try {
            AtomicFile.write(file(batchId, name), readers, out -> {
                counted.add(job.file(out, name));
                content.write(counted.getFirst());
            });
        } catch (IOException e) {
            counted.forEach(Counted::takeBack);
            throw reasonOf(e);
        }
        job.removed(before);
    }

    /** Replaces the running count of a paused export by its size on disk. */
    public void pause(String batchId) {
        space.settle(batchId);
    }

    /** Removes the parts of a completed export. */
    public void dropParts(String batchId) {
        remove(parts(batchId));
        space.settle(batchId);
    }

    /**
     * Removes all files of an export, if there are any. The caller must own the batch, or have cancelled it while nobody
     * owned it: two concurrent calls would subtract the same files twice.
     */
    public void delete(String batchId) {
        Path files = folder.resolve(batchId);
        long size = ExportQuota.size(files);
        remove(files);
        if (space.isUnderWay(batchId)) {
            space.settle(batchId);
        } else {
            space.removed(batchId, size - ExportQuota.size(files));
        }
    }

    private static void remove(Path files) {
        try {
            FileSystemUtils.deleteRecursively(files);
        } catch (NoSuchFileException e) {
            LOG.debug("{} was already removed", files);
        } catch (IOException e) {
            // Harmless: they only take disk space.
            LOG.warn("cannot remove {}: {}", files, e.getMessage());
        }
    }

    /** The parts in a folder, in chunk order; empty if the folder does not exist. */
    static List<Path> sorted(Path parts) throws IOException {
        if (!Files.exists(parts)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(parts)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{9}\\.jsonl"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The parts in a folder, in chunk order, checked for completeness: a folder that another instance has emptied must not
     * produce an empty file.
     *
     * @throws NoSuchFileException if the part of a done chunk with rows is missing
     */
    static List<Path> complete(Path parts, List<DoneChunk> done) throws IOException {
        List<Path> all = sorted(parts);
        Set<Integer> numbers = all.stream()
                .map(part -> Integer.valueOf(part.getFileName().toString().substring(0, 9)))
                .collect(Collectors.toSet());
        for (DoneChunk chunk : done) {
            if (chunk.rows() > 0 && !numbers.contains(chunk.number())) {
                throw new NoSuchFileException(
                        parts.toString(), null, "the part of chunk " + chunk.number() + " is missing");
            }
        }
        return all;
    }
}
