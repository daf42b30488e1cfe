package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.springframework.stereotype.Component;

/**
 * The CSV files of a run: {@code <indexer>/<batch_id>.csv}, joined from the {@link CsvParts} of its chunks, and
 * {@code ….errors.csv}, read from the ledger.
 *
 * <p>Stateless. A run is joined when all its chunks are done. Joining may be repeated while the parts exist.
 */
@Component("csvFiles")
public class CsvFiles {
    private final FileStore store;
    private final CsvParts parts;
    private final CsvRows rows;
    private final CsvDialect dialect;
    private final ChunkLedger ledger;
    private final DatabaseWait database;

    CsvFiles(
            FileStore csvStore,
            CsvParts parts,
            CsvRows rows,
            CsvDialect dialect,
            ChunkLedger ledger,
            DatabaseWait database) {
        this.store = csvStore;
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
        store.write(CsvParts.errorsName(indexerName, batchId), out -> {
            try (InputStream errors = new ErrorStream(
                    rows,
                    dialect,
                    (after, limit) -> database.call(() -> ledger.failed(batchId, indexerName, after, limit)))) {
                errors.transferTo(out);
            }
        });
        List<StoredFile> all = parts.of(indexerName, batchId, database.call(() -> ledger.done(batchId, indexerName)));
        store.write(rowsName(indexerName, batchId), out -> {
            out.write(dialect.header(parts.columns(indexerName)));
            store.copy(all, out);
            // Copying takes long: another keeper may have written the file meanwhile, and changed it in a retry.
            database.untilHeld();
        });
    }

    /** Removes all files of a cancelled run, including those written while it was being cancelled. */
    public void drop(String indexerName, String batchId) throws IOException {
        store.delete(rowsName(indexerName, batchId));
        store.delete(CsvParts.errorsName(indexerName, batchId));
        parts.drop(indexerName, batchId);
    }

    /** The errors file of a run, read from the ledger page by page on demand. */
    public InputStream errors(String indexerName, String batchId) {
        return new ErrorStream(rows, dialect, (after, limit) -> ledger.failed(batchId, indexerName, after, limit));
    }

    private static String rowsName(String indexer, String batchId) {
        return indexer + "/" + batchId + ".csv";
    }

    /** The path or URL of all files of an indexer. */
    public String place(String indexer) {
        return store.place(indexer);
    }

    /** The number of files of an indexer. */
    public long count(String indexer) throws IOException {
        return store.list(indexer).size();
    }

    /** Removes all files of an indexer. */
    public void dropAll(String indexer) throws IOException {
        store.deleteAll(indexer);
    }
}
