package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.delivery.ExportJob.Counted;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Unwritable;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ResponseMemory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The files of an export: {@code <batch_id>/result.csv}, {@code result.jsonl} and {@code errors.csv}. {@link KeptItems} has
 * the items of a URL until its chunk is delivered. Each chunk writes its items to its own part, see {@link ExportParts}. At
 * the end the parts are joined in chunk order, {@link ExportResults} writes the CSV files, and all three files are put into
 * place.
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

    private final FileStore store;
    private final ExportParts parts;
    private final KeptItems items;
    private final ExportQuota space;
    private final ExportResults results;
    private final ChunkLedger chunks;
    private final DatabaseWait database;

    ExportFiles(
            FileStore exportStore,
            Settings settings,
            CsvDialect dialect,
            ChunkLedger chunks,
            ExportLedger exports,
            DatabaseWait database,
            ResponseMemory memory) {
        this.store = exportStore;
        this.parts = new ExportParts(exportStore);
        this.items = new KeptItems(settings.export().folder(), settings.files().readableBy());
        this.space = new ExportQuota(settings.export(), exportStore, parts, exports, database);
        this.results = new ExportResults(
                exportStore,
                new CsvCells(settings.csv().neutraliseFormulas()),
                dialect,
                chunks,
                exports,
                database,
                memory);
        this.chunks = chunks;
        this.database = database;
    }

    /**
     * A file of a completed export.
     *
     * @throws NoSuchFileException if it no longer exists
     */
    public StoredFile file(String batchId, String name) throws IOException {
        return store.find(name(batchId, name)).orElseThrow(() -> new NoSuchFileException(store.place(batchId)));
    }

    /** Reads a part of a file; {@code length} bytes from position {@code first}. */
    public InputStream read(StoredFile file, long first, long length) throws IOException {
        return store.read(file, first, length);
    }

    private static String name(String batchId, String name) {
        return batchId + "/" + name;
    }

    /** The size of all export files of an API key, in bytes. */
    public long sizeOfKey(String caller) {
        return space.ofKey(caller);
    }

    /** Starts or resumes an export. Removes the files of unfinished chunks, which are repeated. */
    public void begin(String batchId) {
        Set<String> done = database.call(() -> chunks.done(batchId, Indexer.EXPORT)).stream()
                .map(chunk -> ExportParts.name(batchId, chunk.number()))
                .collect(Collectors.toSet());
        try {
            long before = store.size(batchId);
            items.drop(batchId);
            for (StoredFile file : store.list(batchId)) {
                if (!done.contains(file.name())) {
                    store.delete(file.name());
                }
            }
            if (!space.isUnderWay(batchId)) {
                space.removed(batchId, before - store.size(batchId));
            }
        } catch (IOException e) {
            LOG.warn("cannot remove unfinished files of export {}: {}", batchId, e.getMessage());
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

    /** The numbers of the chunks whose parts exist. */
    public Set<Integer> chunksWithParts(String batchId) {
        return parts.numbers(batchId);
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
    public Object writeItems(Chunk chunk, JsonNode json, int index) throws IOException {
        if (Unwritable.in(json).isPresent()) {
            return json;
        }
        // Never starts a job, which queries the database: the caller holds memory that others wait for.
        ExportJob job = space.jobUnderWay(chunk.batchId());
        try {
            return items.keep(chunk, json, index, job);
        } catch (IOException e) {
            throw ExportJob.reasonOf(e);
        }
    }

    /**
     * Writes the items of a chunk to its part, replacing that of an earlier attempt.
     *
     * @throws NotDeliverable as {@link #writeItems}
     */
    public void write(ChunkOutcomes outcomes) throws IOException {
        Chunk chunk = outcomes.chunk();
        String part = ExportParts.name(chunk.batchId(), chunk.number());
        ExportJob job = space.job(chunk.batchId());
        Optional<StoredFile> earlier = store.find(part);
        // Deleted first, so that the counted size matches the disk.
        if (earlier.isPresent()) {
            store.delete(part);
            job.removedItems(earlier.get().size());
        }
        try {
            store.write(part, out -> {
                for (Fetched fetched : outcomes.fetched().toList()) {
                    if (fetched.written() instanceof KeptItems.Kept kept) {
                        kept.moveTo(out);
                    } else {
                        ExportLines.write(fetched.call().url(), fetched.section(), job.items(out));
                    }
                }
            });
        } catch (IOException e) {
            throw ExportJob.reasonOf(e);
        }
    }

    /**
     * Writes the three files of an export. The parts stay until the ledger has recorded the export as completed.
     *
     * @throws IOException if writing fails
     * @throws NotDeliverable if a file exceeds {@code colleagues.export.max-size}
     */
    public void join(String batchId) throws IOException {
        List<StoredFile> all = parts.complete(batchId, database.call(() -> chunks.done(batchId, Indexer.EXPORT)));
        ExportJob job = space.job(batchId);
        put(batchId, ERRORS, job, out -> results.writeErrors(batchId, out));
        put(batchId, JSON_LINES, job, out -> store.copy(all, out));
        List<String> columns = results.columns(batchId, all, job.calls());
        put(batchId, CSV, job, out -> results.writeCsv(all, columns, job.calls(), out));
    }

    /** Writes one of the files; removes it if it is too large. */
    private void put(String batchId, String name, ExportJob job, FileStore.Content content) throws IOException {
        String file = name(batchId, name);
        long before = store.find(file).map(StoredFile::size).orElse(0L);
        List<Counted> counted = new ArrayList<>(1);
        try {
            store.write(file, out -> {
                counted.add(job.file(out, name));
                content.write(counted.getFirst());
                // Another keeper may have written the file meanwhile.
                database.untilHeld();
            });
        } catch (IOException e) {
            counted.forEach(Counted::takeBack);
            throw ExportJob.reasonOf(e);
        }
        job.removed(before);
    }

    /** Replaces the running count of a paused export by its size on disk. */
    public void pause(String batchId) {
        space.settle(batchId);
    }

    /** Removes the parts of a completed export. */
    public void dropParts(String batchId) {
        items.drop(batchId);
        try {
            parts.drop(batchId);
        } catch (IOException e) {
            warnOf(batchId, e);
        }
        space.settle(batchId);
    }

    /**
     * Removes all files of an export, if there are any. The caller must own the batch, or have cancelled it while nobody
     * owned it: two concurrent calls would subtract the same files twice.
     */
    public void delete(String batchId) {
        try {
            long before = store.size(batchId);
            items.drop(batchId);
            store.deleteAll(batchId);
            if (!space.isUnderWay(batchId)) {
                space.removed(batchId, before - store.size(batchId));
            }
        } catch (IOException e) {
            warnOf(batchId, e);
        }
        space.settle(batchId);
    }

    private void warnOf(String batchId, IOException failure) {
        // Harmless: they only take disk space.
        LOG.warn("cannot remove all files in {}: {}", store.place(batchId), failure.getMessage());
    }
}
