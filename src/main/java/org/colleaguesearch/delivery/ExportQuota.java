package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks the disk space of exports: all files of an API key, and the items of each job. Bytes are counted before they are
 * written, so concurrent writers cannot exceed a limit. Existing files are measured on disk: for a key on first use, for a
 * job when it starts or resumes.
 *
 * <p>Any thread may count, since all counts are atomic. The thread that opened a job starts and ends it.
 */
final class ExportQuota {
    private static final Logger LOG = LoggerFactory.getLogger(ExportQuota.class);

    private final Settings.Export settings;
    private final FileStore store;
    private final ExportParts parts;
    private final ExportLedger exports;
    private final DatabaseWait database;
    /** By the name of the key. */
    private final ConcurrentHashMap<String, AtomicLong> keys = new ConcurrentHashMap<>();
    /** Running jobs by batch. */
    private final ConcurrentHashMap<String, ExportJob> jobs = new ConcurrentHashMap<>();

    ExportQuota(
            Settings.Export settings, FileStore store, ExportParts parts, ExportLedger exports, DatabaseWait database) {
        this.settings = settings;
        this.store = store;
        this.parts = parts;
        this.exports = exports;
        this.database = database;
    }

    /** The size of all files of a key's jobs, in bytes. */
    long ofKey(String caller) {
        return key(caller).get();
    }

    private AtomicLong key(String caller) {
        AtomicLong known = keys.get(caller);
        if (known != null) {
            return known;
        }
        long size = database.call(() -> exports.batches(caller)).stream()
                .mapToLong(this::size)
                .sum();
        // A writer calls this first, so the size measured here does not include counted bytes.
        keys.putIfAbsent(caller, new AtomicLong(size));
        return keys.get(caller);
    }

    /** A job, started if it is not running. */
    ExportJob job(String batchId) {
        ExportJob known = jobs.get(batchId);
        if (known != null) {
            return known;
        }
        // Not in computeIfAbsent, which would hold the map's lock during database and disk access.
        ExportJob made = newJob(batchId);
        ExportJob other = jobs.putIfAbsent(batchId, made);
        return other == null ? made : other;
    }

    /**
     * A running job; does not access the database.
     *
     * @throws PausedException if the job is not running
     */
    ExportJob jobUnderWay(String batchId) {
        ExportJob known = jobs.get(batchId);
        if (known == null) {
            throw new PausedException("the export is no longer running on this instance");
        }
        return known;
    }

    /** Starts or resumes a job, and measures its existing files. */
    void begin(String batchId) {
        settle(batchId);
        jobs.put(batchId, newJob(batchId));
    }

    private ExportJob newJob(String batchId) {
        return new ExportJob(
                new ExportJob.Limits(settings.maxSize(), settings.maxSizePerKey()),
                key(caller(batchId)),
                size(batchId),
                items(batchId));
    }

    private String caller(String batchId) {
        return database.call(() -> exports.caller(batchId)).orElse("");
    }

    private long items(String batchId) {
        try {
            return parts.all(batchId).stream().mapToLong(StoredFile::size).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops all writes of a job. */
    void stop(String batchId) {
        Optional.ofNullable(jobs.get(batchId)).ifPresent(ExportJob::stop);
    }

    /** Ends a job, and replaces its running count by the size of its files on disk. */
    void settle(String batchId) {
        ExportJob job = jobs.remove(batchId);
        if (job != null) {
            try {
                job.settle(store.size(batchId));
            } catch (IOException e) {
                LOG.debug("cannot measure export {}: what was counted stays", batchId, e);
            }
        }
    }

    /** Subtracts removed files of a job that is not running. */
    void removed(String batchId, long bytes) {
        if (bytes > 0 && !keys.isEmpty()) {
            database.call(() -> exports.caller(batchId)).map(keys::get).ifPresent(key -> key.addAndGet(-bytes));
        }
    }

    boolean isUnderWay(String batchId) {
        return jobs.containsKey(batchId);
    }

    /** Discards all counts, so that they are measured again: another instance may have written files. */
    void forget() {
        keys.clear();
        jobs.clear();
    }

    private long size(String batchId) {
        try {
            return store.size(batchId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
