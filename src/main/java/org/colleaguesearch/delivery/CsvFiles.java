package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * The CSV files of a run: {@code <folder>/<indexer>/<batch_id>.csv}, joined from the {@link CsvParts} of its chunks, and
 * {@code ….errors.csv}, read from the ledger.
 *
 * <p>Stateless. A run is joined when all its chunks are done. Joining may be repeated while the parts exist.
 */
@Component("csvFiles")
public class CsvFiles {
    private final Path folder;
    private final Readers readers;
    private final CsvParts parts;
    private final CsvRows rows;
    private final CsvDialect dialect;
    private final ChunkLedger ledger;
    private final DatabaseWait database;

    CsvFiles(
            Settings settings,
            CsvParts parts,
            CsvRows rows,
            CsvDialect dialect,
            ChunkLedger ledger,
            DatabaseWait database) {
        this.folder = settings.csv().folder();
        this.readers = settings.files().readableBy();
        this.parts = parts;
        this.rows = rows;
        this.dialect = dialect;
        this.ledger = ledger;
        this.database = database;
    }

    /**
     * Writes the two files of a run. The parts stay until the ledger has recorded the run as completed.
     *
     * @throws IOException if writing fails, or the part of a chunk is missing
     */
    public void join(String indexerName, String batchId) throws IOException {
        AtomicFile.write(parts.errors(indexerName, batchId), readers, out -> {
            try (InputStream errors = new ErrorStream(
                    rows,
                    dialect,
                    (after, limit) -> database.call(() -> ledger.failed(batchId, indexerName, after, limit)))) {
                errors.transferTo(out);
            }
        });
        List<Path> all = parts.of(indexerName, batchId, database.call(() -> ledger.done(batchId, indexerName)));
        AtomicFile.write(folder.resolve(indexerName).resolve(batchId + ".csv"), readers, out -> {
            out.write(dialect.header(parts.columns(indexerName)));
            for (Path part : all) {
                Files.copy(part, out);
            }
        });
    }

    /** Removes all files of a cancelled run, including those written while it was being cancelled. */
    public void drop(String indexerName, String batchId) throws IOException {
        Files.deleteIfExists(folder.resolve(indexerName).resolve(batchId + ".csv"));
        Files.deleteIfExists(parts.errors(indexerName, batchId));
        parts.drop(indexerName, batchId);
    }

    /** The errors file of a run, read from the ledger page by page on demand. */
    public InputStream errors(String indexerName, String batchId) {
        return new ErrorStream(rows, dialect, (after, limit) -> ledger.failed(batchId, indexerName, after, limit));
    }
}
