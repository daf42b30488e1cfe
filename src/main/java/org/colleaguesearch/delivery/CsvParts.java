package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The CSV parts of a run, one file per chunk: {@code <folder>/<indexer>/<batch_id>.parts/<chunk>.csv}. No writer waits for
 * another, and a repeated chunk overwrites its own part. In a cluster, each claim of a chunk has its own file, {@code
 * <chunk>-<claim>.csv}, and the ledger says which one counts.
 *
 * <p>Stateless. The thread that delivers a chunk writes its part.
 */
@Component("csvParts")
public class CsvParts {
    private static final Logger LOG = LoggerFactory.getLogger(CsvParts.class);

    private final Path folder;
    private final Readers readers;
    private final Indexers indexers;
    private final CsvRows rows;
    private final CsvDialect dialect;

    CsvParts(Settings settings, Indexers indexers, CsvRows rows, CsvDialect dialect) {
        this.folder = settings.csv().folder();
        this.readers = settings.files().readableBy();
        this.indexers = indexers;
        this.rows = rows;
        this.dialect = dialect;
    }

    /** The path of a chunk's part relative to the CSV folder. A retry has a separate file beside it. */
    public String name(Chunk chunk) {
        return partName(chunk.indexer(), chunk.batchId(), chunk.number(), chunk.claim())
                + (chunk.isPartial() ? ".retry" : "");
    }

    private static String partName(String indexer, String batchId, int chunk, long claim) {
        // Padded so that names sort numerically.
        return "%s/%s.parts/%09d%s.csv".formatted(indexer, batchId, chunk, claim == 0 ? "" : "-" + claim);
    }

    /** Removes the part of an earlier attempt, since this one may have no rows to overwrite it with. */
    public void drop(Chunk chunk) throws IOException {
        Files.deleteIfExists(folder.resolve(name(chunk)));
    }

    /** Whether a chunk's part has rows, and the first one matches the current dialect and columns. */
    public boolean hasRows(String indexer, String batchId, DoneChunk chunk) {
        Path part = of(indexer, batchId, chunk.number(), chunk.claim());
        if (!Files.exists(part)) {
            return false;
        }
        try (CSVParser parser = dialect.parse(part)) {
            Iterator<CSVRecord> read = parser.iterator();
            return read.hasNext() && read.next().size() == columns(indexer).size();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("cannot read {}", part, e);
            return false;
        }
    }

    private Path of(String indexer, String batchId, int chunk, long claim) {
        return folder.resolve(partName(indexer, batchId, chunk, claim));
    }

    /** Records the columns and dialect of a run's parts, when the run starts and when it resumes. */
    public void begin(String indexer, String batchId) {
        try {
            AtomicFile.write(columns(indexer, batchId), readers, out -> out.write(dialect.line(columns(indexer))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the columns of the indexer or the CSV dialect have changed since the parts of a run were written. */
    public boolean hasOtherColumns(String indexer, String batchId) {
        Path columns = columns(indexer, batchId);
        try {
            return Files.exists(columns) && !Arrays.equals(Files.readAllBytes(columns), dialect.line(columns(indexer)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path columns(String indexer, String batchId) {
        return folder(indexer, batchId).resolve("columns.csv");
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
        Path retried = folder.resolve(name(retry));
        Path part = of(retry.indexer(), retry.batchId(), retry.number(), claim);
        Set<String> ids = ids(people);
        int columns = columns(retry.indexer()).size();
        Map<String, List<CSVRecord>> byPerson = byPerson(part, columns, ids);
        // Their new sections may have no rows.
        retry.people().forEach(person -> byPerson.remove(rows.id(person)));
        byPerson.putAll(byPerson(retried, columns, ids));
        AtomicFile.write(part, readers, out -> {
            for (String id : ids) {
                for (CSVRecord row : byPerson.getOrDefault(id, List.of())) {
                    out.write(dialect.line(row.toList()));
                }
            }
        });
        Files.deleteIfExists(retried);
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

    private Map<String, List<CSVRecord>> byPerson(Path part, int columns, Set<String> ids) throws IOException {
        Map<String, List<CSVRecord>> byPerson = new HashMap<>();
        if (!Files.exists(part)) {
            return byPerson;
        }
        try (CSVParser parser = dialect.parse(part)) {
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

    private static NotDeliverable mergeFailure(Path part, String why) {
        return new NotDeliverable("cannot merge the rows of a retry into " + part + ": " + why
                + "; restore the colleagues.csv settings that the batch ran with, or delete the file and retry to fetch"
                + " the whole chunk again");
    }

    /**
     * Whether a run has parts: it is unfinished, or some of its URLs failed. A part alone may be that of a node which did not
     * know that the run is over.
     */
    public boolean hasAny(String indexer, String batchId) {
        return Files.exists(columns(indexer, batchId));
    }

    /** Removes the parts of a completed run. */
    public void drop(String indexer, String batchId) {
        try {
            FileSystemUtils.deleteRecursively(folder(indexer, batchId));
        } catch (IOException e) {
            // Harmless: they only take disk space.
            LOG.warn("cannot remove {}: {}", folder(indexer, batchId), e.getMessage());
        }
    }

    /** The file with the failed URLs of a run, beside its rows; see {@link CsvFiles}. */
    public Path errors(String indexer, String batchId) {
        return folder.resolve(indexer).resolve(batchId + ".errors.csv");
    }

    /**
     * The parts of done chunks, in order, for joining. There is one for each chunk with rows: a folder that another instance has
     * emptied must not produce an empty file.
     *
     * @throws NoSuchFileException if one is missing
     */
    List<Path> of(String indexer, String batchId, List<DoneChunk> done) throws NoSuchFileException {
        List<Path> parts = new ArrayList<>();
        for (DoneChunk chunk : done) {
            Path part = of(indexer, batchId, chunk.number(), chunk.claim());
            if (Files.exists(part)) {
                parts.add(part);
            } else if (chunk.rows() > 0) {
                throw new NoSuchFileException(
                        part.getParent().toString(), null, "the part of chunk " + chunk.number() + " is missing");
            }
        }
        return parts;
    }

    Path folder(String indexer, String batchId) {
        return folder.resolve(indexer).resolve(batchId + ".parts");
    }
}
