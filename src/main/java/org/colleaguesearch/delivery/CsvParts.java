package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.people.Person;
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
    private final Indexers indexers;
    private final CsvRows rows;

    CsvParts(Settings settings, Indexers indexers, CsvRows rows) {
        this.folder = settings.csv().folder();
        this.indexers = indexers;
        this.rows = rows;
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

    /** Whether a chunk's part is there. */
    public boolean has(String indexer, String batchId, int chunk) {
        return Files.exists(of(indexer, batchId, chunk));
    }

    /** The part of a chunk, which need not exist. */
    Path of(String indexer, String batchId, int chunk) {
        return folder.resolve(ofChunk(indexer, batchId, chunk));
    }

    /** Notes which columns the parts of a run have, before the first is written, and when it is continued. */
    public void begin(String indexer, String batchId) throws IOException {
        WholeFile.write(columns(indexer, batchId), out -> out.write(header(indexer)));
    }

    /** Whether the parts of a run have other columns than its indexer has by now: its file was edited. */
    public boolean hasOtherColumns(String indexer, String batchId) {
        Path columns = columns(indexer, batchId);
        try {
            return Files.exists(columns) && !Arrays.equals(Files.readAllBytes(columns), header(indexer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path columns(String indexer, String batchId) {
        return folder(indexer, batchId).resolve("columns.csv");
    }

    byte[] header(String indexer) {
        return CsvLine.of(indexers.get(indexer).header());
    }

    /**
     * Puts the rows of a retry into the chunk's part, in place of those that the same people may have there.
     *
     * @param people all people of the chunk, in order
     */
    public void merge(Chunk retry, List<Person> people) throws IOException {
        Path retried = folder.resolve(name(retry));
        Path part = folder.resolve(ofChunk(retry.indexer(), retry.batchId(), retry.number()));
        Map<String, List<CSVRecord>> byPerson = byPerson(part);
        byPerson.putAll(byPerson(retried));
        WholeFile.write(part, out -> {
            for (Person person : people) {
                List<CSVRecord> records = byPerson.remove(rows.id(person));
                for (CSVRecord each : records == null ? List.<CSVRecord>of() : records) {
                    out.write(CsvLine.of(each.toList()));
                }
            }
        });
        Files.deleteIfExists(retried);
    }

    private static Map<String, List<CSVRecord>> byPerson(Path part) throws IOException {
        if (!Files.exists(part)) {
            return new HashMap<>();
        }
        try (CSVParser parser = CSVParser.parse(part, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
            return parser.stream().collect(Collectors.groupingBy(each -> each.get(0)));
        }
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
}
