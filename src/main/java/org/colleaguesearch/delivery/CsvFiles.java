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
 * The CSV files of a run: {@code <folder>/<indexer>/<batch_id>.csv} and {@code ….errors.csv}. The one is made of the
 * {@link CsvParts} of its chunks, the other comes from the ledger.
 *
 * <p>Stateless. A run is joined when all its chunks are done, and may be joined again as long as its parts are there.
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
     * Puts the two files of a run into place. Its parts stay until the run is known to be completed.
     *
     * @throws IOException when that fails, or a part is missing that a chunk has written
     */
    public void join(String indexerName, String batchId) throws IOException {
        Path run = folder.resolve(indexerName);
        WholeFile.write(run.resolve(batchId + ".errors.csv"), readers, out -> {
            try (InputStream errors = new ErrorStream(
                    rows,
                    dialect,
                    (after, limit) -> database.call(() -> ledger.failed(batchId, indexerName, after, limit)))) {
                errors.transferTo(out);
            }
        });
        List<Path> all = CsvParts.complete(
                parts.folder(indexerName, batchId), database.call(() -> ledger.done(batchId, indexerName)));
        WholeFile.write(run.resolve(batchId + ".csv"), readers, out -> {
            out.write(dialect.header(parts.columns(indexerName)));
            for (Path part : all) {
                Files.copy(part, out);
            }
        });
    }

    /** Removes all files of a run that is cancelled: some may have been put into place while it was. */
    public void drop(String indexerName, String batchId) throws IOException {
        Files.deleteIfExists(folder.resolve(indexerName).resolve(batchId + ".csv"));
        Files.deleteIfExists(folder.resolve(indexerName).resolve(batchId + ".errors.csv"));
        parts.drop(indexerName, batchId);
    }

    /** The errors file of a run, read from the ledger a page at a time as it is asked for. */
    public InputStream errors(String indexerName, String batchId) {
        return new ErrorStream(rows, dialect, (after, limit) -> ledger.failed(batchId, indexerName, after, limit));
    }
}
