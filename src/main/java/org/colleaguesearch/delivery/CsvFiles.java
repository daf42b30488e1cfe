package org.colleaguesearch.delivery;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The CSV files of a run: {@code <folder>/<indexer>/<batch_id>.csv} and {@code ….errors.csv}. Each chunk writes a part
 * of its own, so that no writer waits for another; at the end the parts are joined in the order of the chunks and
 * renamed into place, so that no reader sees half a file. The errors come from the ledger.
 *
 * <p>Stateless. The part of a chunk is written by the thread that delivers it; a run is joined when all its chunks are
 * done, and may be joined again as long as its parts are there.
 */
@Component("csvFiles")
public class CsvFiles {
    private static final Logger LOG = LoggerFactory.getLogger(CsvFiles.class);

    private final Path folder;
    private final Indexers indexers;
    private final CsvRows rows;
    private final ChunkLedger ledger;

    CsvFiles(Settings settings, Indexers indexers, CsvRows rows, ChunkLedger ledger) {
        this.folder = settings.csv().folder();
        this.indexers = indexers;
        this.rows = rows;
        this.ledger = ledger;
    }

    /** The name of the part with a chunk's rows, relative to the CSV folder; of a retry, one beside it. */
    public String part(Chunk chunk) {
        return part(chunk.indexer(), chunk.batchId(), chunk.number()) + (chunk.isRetry() ? ".retry" : "");
    }

    private static String part(String indexer, String batchId, int chunk) {
        // Wide enough for any run, so that names sort as numbers do.
        return "%s/%s.parts/%09d.csv".formatted(indexer, batchId, chunk);
    }

    /** Removes the part that an earlier attempt at a chunk may have left: this one may have no rows. */
    public void dropPart(Chunk chunk) throws IOException {
        Files.deleteIfExists(folder.resolve(part(chunk)));
    }

    /** Whether a chunk's part is there, with the columns that its indexer has. */
    public boolean hasPart(String indexer, String batchId, int chunk) {
        return Files.exists(folder.resolve(part(indexer, batchId, chunk))) && !hasOtherColumns(indexer, batchId);
    }

    /** Notes which columns the parts of a run have, before the first is written, and when it is continued. */
    public void begin(String indexer, String batchId) throws IOException {
        replace(columns(indexer, batchId), out -> out.write(header(indexer)));
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
        return parts(indexer, batchId).resolve("columns.csv");
    }

    private byte[] header(String indexer) {
        return CsvLine.of(indexers.get(indexer).header());
    }

    /**
     * Puts the rows of a retry into the chunk's part, in place of those that the same people may have there.
     *
     * @param people all people of the chunk, in order
     */
    public void merge(Chunk retry, List<Person> people) throws IOException {
        Path retried = folder.resolve(part(retry));
        Path part = folder.resolve(part(retry.indexer(), retry.batchId(), retry.number()));
        Map<String, List<CSVRecord>> byPerson = byPerson(part);
        byPerson.putAll(byPerson(retried));
        replace(part, out -> {
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

    /**
     * Puts the two files of a run into place. Its parts stay until the run is known to be completed.
     *
     * @throws IOException when that fails
     */
    public void join(String indexerName, String batchId) throws IOException {
        Path run = folder.resolve(indexerName);
        Path parts = parts(indexerName, batchId);
        replace(run.resolve(batchId + ".errors.csv"), out -> {
            try (InputStream errors = errors(indexerName, batchId)) {
                errors.transferTo(out);
            }
        });
        replace(run.resolve(batchId + ".csv"), out -> {
            out.write(header(indexerName));
            for (Path part : sorted(parts)) {
                Files.copy(part, out);
            }
        });
    }

    /** Whether a run has parts: it is not completed, or URLs of it had failed. */
    public boolean hasParts(String indexerName, String batchId) {
        return Files.exists(parts(indexerName, batchId));
    }

    /** Removes the parts of a run that is completed. */
    public void dropParts(String indexerName, String batchId) {
        try {
            FileSystemUtils.deleteRecursively(parts(indexerName, batchId));
        } catch (IOException e) {
            // They are only in the way of the disk's owner.
            LOG.warn("cannot remove {}: {}", parts(indexerName, batchId), e.getMessage());
        }
    }

    /** Removes all files of a run that is cancelled: some may have been put into place while it was. */
    public void drop(String indexerName, String batchId) throws IOException {
        Files.deleteIfExists(folder.resolve(indexerName).resolve(batchId + ".csv"));
        Files.deleteIfExists(folder.resolve(indexerName).resolve(batchId + ".errors.csv"));
        dropParts(indexerName, batchId);
    }

    /** The errors file of a run, read from the ledger a page at a time as it is asked for. */
    public InputStream errors(String indexerName, String batchId) {
        return new ErrorStream(rows, (after, limit) -> ledger.failed(batchId, indexerName, after, limit));
    }

    private Path parts(String indexerName, String batchId) {
        return folder.resolve(indexerName).resolve(batchId + ".parts");
    }

    /** Writes a file and renames it into place, so that no reader sees half of it. */
    static void replace(Path target, Content content) throws IOException {
        Files.createDirectories(target.getParent());
        Path written = target.resolveSibling(target.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                        written,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
            content.write(out);
            out.flush();
            // On disk before it has its name: a power cut leaves the old state or the new one.
            channel.force(true);
        }
        Files.move(written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** What a file is to hold. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }
}
