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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
 * The rows of each chunk of a run, in a file of its own, {@code <folder>/<indexer>/<batch_id>.parts/<chunk>.csv}: no writer
 * waits for another, and a chunk that is done twice replaces itself.
 *
 * <p>Stateless. The part of a chunk is written by the thread that delivers it.
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

    /** The name of the part with a chunk's rows, relative to the CSV folder; of a retry, one beside it. */
    public String name(Chunk chunk) {
        return ofChunk(chunk.indexer(), chunk.batchId(), chunk.number()) + (chunk.isRetry() ? ".retry" : "");
    }

    private static String ofChunk(String indexer, String batchId, int chunk) {
        // Wide enough for any run, so that names sort as numbers do.
        return "%s/%s.parts/%09d.csv".formatted(indexer, batchId, chunk);
    }

    /** Removes the part that an earlier attempt at a chunk may have left: this one may have no rows. */
    public void drop(Chunk chunk) throws IOException {
        Files.deleteIfExists(folder.resolve(name(chunk)));
    }

    /** Whether a chunk's part has rows, and the first is one in the present dialect and columns. */
    public boolean hasRows(String indexer, String batchId, int chunk) {
        Path part = of(indexer, batchId, chunk);
        if (!Files.exists(part)) {
            return false;
        }
        try (CSVParser parser = dialect.parse(part)) {
            Iterator<CSVRecord> read = parser.iterator();
            return read.hasNext() && read.next().size() == columns(indexer).size();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be read", part, e);
            return false;
        }
    }

    private Path of(String indexer, String batchId, int chunk) {
        return folder.resolve(ofChunk(indexer, batchId, chunk));
    }

    /** Notes which columns and dialect the parts of a run have, before the first is written, and when it is continued. */
    public void begin(String indexer, String batchId) throws IOException {
        WholeFile.write(columns(indexer, batchId), readers, out -> out.write(dialect.line(columns(indexer))));
    }

    /**
     * Whether the parts of a run have other columns than its indexer has by now, or another dialect: files were edited.
     */
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
     * Puts the rows of a retry into the chunk's part, in place of those that the same people may have there.
     *
     * @param people all people of the chunk, in order
     * @throws NotDeliverable when a row could be lost, since it cannot be read or is nobody's: then nothing is changed
     */
    public void merge(Chunk retry, List<Person> people) throws IOException {
        Path retried = folder.resolve(name(retry));
        Path part = folder.resolve(ofChunk(retry.indexer(), retry.batchId(), retry.number()));
        Set<String> ids = ids(people);
        int columns = columns(retry.indexer()).size();
        Map<String, List<CSVRecord>> byPerson = byPerson(part, columns, ids);
        byPerson.putAll(byPerson(retried, columns, ids));
        WholeFile.write(part, readers, out -> {
            for (String id : ids) {
                for (CSVRecord row : byPerson.getOrDefault(id, List.of())) {
                    out.write(dialect.line(row.toList()));
                }
            }
        });
        Files.deleteIfExists(retried);
    }

    /** The first cells of rows of these people, in order. */
    private Set<String> ids(List<Person> people) {
        Map<String, String> ids = new LinkedHashMap<>();
        for (Person person : people) {
            String other = ids.putIfAbsent(rows.id(person), person.id());
            if (other != null && !other.equals(person.id())) {
                throw new NotDeliverable("the rows of '" + other + "' and '" + person.id()
                        + "' cannot be told apart, since both are '" + rows.id(person)
                        + "' in a CSV file: start a new batch");
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
                    throw notMerged(
                            part, "row " + row.getRecordNumber() + " has " + row.size() + " of " + columns + " cells");
                }
                if (!ids.contains(row.get(0))) {
                    throw notMerged(
                            part,
                            "row " + row.getRecordNumber() + " is of '" + row.get(0) + "', who is not in its chunk");
                }
                byPerson.computeIfAbsent(row.get(0), id -> new ArrayList<>()).add(row);
            }
        } catch (UncheckedIOException e) {
            throw notMerged(part, e.getCause().getMessage());
        }
        return byPerson;
    }

    private static NotDeliverable notMerged(Path part, String why) {
        return new NotDeliverable(part + " cannot take the rows of a retry: " + why
                + "; put colleagues.csv back to what it was when the batch ran, or delete the file and retry again: then"
                + " the whole chunk is fetched again");
    }

    /** Whether a run has parts: it is not completed, or URLs of it had failed. */
    public boolean hasAny(String indexer, String batchId) {
        return Files.exists(folder(indexer, batchId));
    }

    /** Removes the parts of a run that is completed. */
    public void drop(String indexer, String batchId) {
        try {
            FileSystemUtils.deleteRecursively(folder(indexer, batchId));
        } catch (IOException e) {
            // They are only in the way of the disk's owner.
            LOG.warn("cannot remove {}: {}", folder(indexer, batchId), e.getMessage());
        }
    }

    Path folder(String indexer, String batchId) {
        return folder.resolve(indexer).resolve(batchId + ".parts");
    }

    /** The parts in a folder, in the order of their chunks; none if it does not exist. */
    static List<Path> sorted(Path parts) throws IOException {
        if (!Files.exists(parts)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(parts)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{9}\\.(csv|jsonl)"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The same, where each chunk that is done and has rows has its part: a folder that another instance has emptied must
     * not become an empty file.
     *
     * @throws NoSuchFileException when one is missing
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
