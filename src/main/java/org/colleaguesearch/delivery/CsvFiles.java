package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The CSV files of a run: {@code <folder>/<indexer>/<batch_id>.csv} and {@code ….errors.csv}. Each chunk writes parts
 * of its own, so that no writer waits for another; at the end they are joined in the order of the chunks and renamed
 * into place, so that no reader sees half a file.
 *
 * <p>Stateless. The parts of a chunk are written by the thread that delivers it; a run is joined once, when all its
 * chunks are done.
 */
@Component("csvFiles")
public class CsvFiles {
    private static final String ITEMS = ".csv";
    private static final String ERRORS = ".errors.csv";

    private final Path folder;
    private final Indexers indexers;

    CsvFiles(Settings settings, Indexers indexers) {
        this.folder = settings.csv().folder();
        this.indexers = indexers;
    }

    /** The name of the part with a chunk's rows, relative to the CSV folder. */
    public String itemsPart(Chunk chunk) {
        return part(chunk, ITEMS);
    }

    /** The name of the part with a chunk's failed URLs, relative to the CSV folder. */
    public String errorsPart(Chunk chunk) {
        return part(chunk, ERRORS);
    }

    private static String part(Chunk chunk, String suffix) {
        // Wide enough for any run, so that names sort as numbers do.
        return "%s/%s.parts/%09d%s".formatted(chunk.indexer(), chunk.batchId(), chunk.number(), suffix);
    }

    /**
     * Puts the two files of a run into place and removes its parts.
     *
     * @throws IOException when that fails; the parts are then still there
     */
    public void join(String indexerName, String batchId) throws IOException {
        Indexer indexer = indexers.get(indexerName);
        Path run = folder.resolve(indexerName);
        Path parts = run.resolve(batchId + ".parts");
        join(parts, ERRORS, CsvRows.ERROR_HEADER, run.resolve(batchId + ERRORS));
        join(parts, ITEMS, indexer.header(), run.resolve(batchId + ITEMS));
        FileSystemUtils.deleteRecursively(parts);
    }

    private static void join(Path parts, String suffix, List<String> header, Path target) throws IOException {
        Files.createDirectories(parts);
        Path joined = parts.resolve("joined" + suffix + ".tmp");
        try (FileChannel channel = FileChannel.open(
                        joined,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write((CSVFormat.RFC4180.format(header.toArray()) + "\r\n").getBytes(StandardCharsets.UTF_8));
            for (Path part : sorted(parts, suffix)) {
                Files.copy(part, out);
            }
            // On disk before it has its name: a power cut leaves the old state or the new one.
            channel.force(true);
        }
        Files.move(joined, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<Path> sorted(Path parts, String suffix) throws IOException {
        String name = "\\d{9}" + suffix.replace(".", "\\.");
        try (Stream<Path> files = Files.list(parts)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .sorted()
                    .toList();
        }
    }
}
