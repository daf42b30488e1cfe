package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.people.Person;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The CSV parts of a run, one file per chunk: {@code <indexer>/<batch_id>.parts/<chunk>.csv}. No writer waits for
 * another, and a repeated chunk overwrites its own part. In a cluster, each claim of a chunk has its own file, {@code
 * <chunk>-<claim>.csv}, and the ledger says which one counts.
 *
 * <p>Stateless. The thread that delivers a chunk writes its part.
 */
@Component("csvParts")
public class CsvParts {
    private static final Logger LOG = LoggerFactory.getLogger(CsvParts.class);

    private final FileStore store;
    private final Indexers indexers;
    private final CsvRows rows;
    private final CsvDialect dialect;

    CsvParts(FileStore csvStore, Indexers indexers, CsvRows rows, CsvDialect dialect) {
        this.store = csvStore;
        this.indexers = indexers;
        this.rows = rows;
        this.dialect = dialect;
    }

    /** The name of a chunk's part in the folder or below the prefix of CSV files. A retry has a separate file beside it. */
    public String name(Chunk chunk) {
        return partName(chunk.indexer(), chunk.batchId(), chunk.number(), chunk.claim())
                + (chunk.isPartial() ? ".retry" : "");
    }

    private static String partName(String indexer, String batchId, int chunk, long claim) {
        // Padded so that names sort numerically.
        return folder(indexer, batchId) + "/%09d%s.csv".formatted(chunk, claim == 0 ? "" : "-" + claim);
    }

    /** Removes the part of an earlier attempt, since this one may have no rows to overwrite it with. */
    public void drop(Chunk chunk) throws IOException {
        store.delete(name(chunk));
    }

    /**
     * Which chunks of a run have rows in their parts, as the folder has them now. Where the columns of the parts are not
     * recorded, the first row must match the current dialect and columns.
     */
    public Predicate<DoneChunk> withRows(String indexer, String batchId) {
        Map<String, StoredFile> parts = list(indexer, batchId);
        boolean areColumnsKnown = parts.containsKey(columns(indexer, batchId));
        return chunk -> {
            StoredFile part = parts.get(partName(indexer, batchId, chunk.number(), chunk.claim()));
            return part != null
                    && part.size() > 0
                    && (areColumnsKnown || hasColumns(part, columns(indexer).size()));
        };
    }

    /** One look at all of them: in a bucket, a look at each would take minutes. */
    private Map<String, StoredFile> list(String indexer, String batchId) {
        try {
            return store.list(folder(indexer, batchId)).stream()
                    .collect(Collectors.toMap(StoredFile::name, part -> part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean hasColumns(StoredFile part, int columns) {
        byte[] content;
        try {
            content = read(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (CSVParser parser = dialect.parse(content)) {
            Iterator<CSVRecord> read = parser.iterator();
            return read.hasNext() && read.next().size() == columns;
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("cannot read the first row of {}", part, e);
            return false;
        }
    }

    private byte[] read(StoredFile file) throws IOException {
        try (InputStream in = store.read(file)) {
            return in.readAllBytes();
        }
    }

    /** Records the columns and dialect of a run's parts, when the run starts and when it resumes. */
    public void begin(String indexer, String batchId) {
        try {
            store.write(columns(indexer, batchId), out -> out.write(dialect.line(columns(indexer))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the columns of the indexer or the CSV dialect have changed since the parts of a run were written. */
    public boolean hasOtherColumns(String indexer, String batchId) {
        try {
            Optional<StoredFile> columns = store.find(columns(indexer, batchId));
            return columns.isPresent() && !Arrays.equals(read(columns.get()), dialect.line(columns(indexer)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String columns(String indexer, String batchId) {
        return folder(indexer, batchId) + "/columns.csv";
    }

    List<String> columns(String indexer) {
        return indexers.get(indexer).header();
    }

    /**
     * Merges the rows of a retry into the chunk's part, where they replace earlier rows of the same people.
     *
     * @param people all people of the chunk, in order
     * @param claim of the node that has done the chunk
     * @throws NotDeliverable if a row cannot be read or matches no person, and so could be lost; nothing is changed then
     */
    public void merge(Chunk retry, List<Person> people, long claim) throws IOException {
        String retried = name(retry);
        String part = partName(retry.indexer(), retry.batchId(), retry.number(), claim);
        Set<String> ids = ids(people);
        int columns = columns(retry.indexer()).size();
        Map<String, List<CSVRecord>> byPerson = byPerson(part, columns, ids);
        // Their new sections may have no rows.
        retry.people().forEach(person -> byPerson.remove(rows.id(person)));
        byPerson.putAll(byPerson(retried, columns, ids));
        store.write(part, out -> {
            for (String id : ids) {
                for (CSVRecord row : byPerson.getOrDefault(id, List.of())) {
                    out.write(dialect.line(row.toList()));
                }
            }
        });
        store.delete(retried);
    }

    /** The ids of these people as they appear in the first cell of a row, in order. */
    private Set<String> ids(List<Person> people) {
        Map<String, String> ids = new LinkedHashMap<>();
        for (Person person : people) {
            String other = ids.putIfAbsent(rows.id(person), person.id());
            if (other != null && !other.equals(person.id())) {
                throw new NotDeliverable("cannot distinguish the rows of '" + other + "' and '" + person.id()
                        + "': both ids are written to CSV as '" + rows.id(person) + "'; start a new batch");
            }
        }
        return ids.keySet();
    }

    private Map<String, List<CSVRecord>> byPerson(String name, int columns, Set<String> ids) throws IOException {
        Map<String, List<CSVRecord>> byPerson = new HashMap<>();
        Optional<StoredFile> found = store.find(name);
        if (found.isEmpty()) {
            return byPerson;
        }
        String part = store.place(name);
        // Read first, so that what fails while it is parsed is its content.
        byte[] content = read(found.get());
        try (CSVParser parser = dialect.parse(content)) {
            for (CSVRecord row : parser) {
                if (row.size() != columns) {
                    throw mergeFailure(
                            part,
                            "row " + row.getRecordNumber() + " has " + row.size() + " cells, expected " + columns);
                }
                if (!ids.contains(row.get(0))) {
                    throw mergeFailure(
                            part,
                            "row " + row.getRecordNumber() + " belongs to '" + row.get(0)
                                    + "', who is not in this chunk");
                }
                byPerson.computeIfAbsent(row.get(0), id -> new ArrayList<>()).add(row);
            }
        } catch (UncheckedIOException e) {
            throw mergeFailure(part, e.getCause().getMessage());
        }
        return byPerson;
    }

    private static NotDeliverable mergeFailure(String part, String why) {
        return new NotDeliverable("cannot merge the rows of a retry into " + part + ": " + why
                + "; restore the colleagues.csv settings that the batch ran with, or delete the file and retry to fetch"
                + " the whole chunk again");
    }

    /**
     * Whether a run has parts: it is unfinished, or some of its URLs failed. A part alone may be that of a node which did not
     * know that the run is over.
     */
    public boolean hasAny(String indexer, String batchId) {
        try {
            return store.find(columns(indexer, batchId)).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the parts of a completed run. */
    public void drop(String indexer, String batchId) {
        String folder = folder(indexer, batchId);
        try {
            store.deleteAll(folder);
        } catch (IOException e) {
            // Harmless: they only take disk space.
            LOG.warn("cannot remove {}: {}", store.place(folder), e.getMessage());
        }
    }

    /** The path or URL of the file with the failed URLs of a run, beside its rows; see {@link CsvFiles}. */
    public String errors(String indexer, String batchId) {
        return store.place(errorsName(indexer, batchId));
    }

    static String errorsName(String indexer, String batchId) {
        return indexer + "/" + batchId + ".errors.csv";
    }

    /**
     * The parts of done chunks, in order, for joining. There is one for each chunk with rows: a folder that another instance has
     * emptied must not produce an empty file.
     *
     * @throws NoSuchFileException if one is missing
     */
    List<StoredFile> of(String indexer, String batchId, List<DoneChunk> done) throws NoSuchFileException {
        Map<String, StoredFile> existing = list(indexer, batchId);
        List<StoredFile> parts = new ArrayList<>();
        for (DoneChunk chunk : done) {
            StoredFile part = existing.get(partName(indexer, batchId, chunk.number(), chunk.claim()));
            if (part != null) {
                parts.add(part);
            } else if (chunk.rows() > 0) {
                throw new NoSuchFileException(
                        store.place(folder(indexer, batchId)),
                        null,
                        "the part of chunk " + chunk.number() + " is missing");
            }
        }
        return parts;
    }

    private static String folder(String indexer, String batchId) {
        return indexer + "/" + batchId + ".parts";
    }
}
