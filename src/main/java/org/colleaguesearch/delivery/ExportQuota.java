package org.colleaguesearch.delivery;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.RunCalls;
import org.springframework.util.unit.DataSize;

/**
 * Tracks the disk space of exports: all files of an API key, and the items of each job. Bytes are counted before they are
 * written, so concurrent writers cannot exceed a limit. Existing files are measured on disk: for a key on first use, for a
 * job when it starts or resumes.
 *
 * <p>Any thread may count, since all counts are atomic. The thread that opened a job starts and ends it.
 */
final class ExportQuota {
    private final Path folder;
    private final DataSize maxSize;
    private final DataSize maxSizePerKey;
    private final ExportLedger exports;
    private final DatabaseWait database;
    /** By the name of the key. */
    private final ConcurrentHashMap<String, AtomicLong> keys = new ConcurrentHashMap<>();
    /** Running jobs by batch. */
    private final ConcurrentHashMap<String, Job> jobs = new ConcurrentHashMap<>();

    ExportQuota(Settings.Export settings, ExportLedger exports, DatabaseWait database) {
        this.folder = settings.folder();
        this.maxSize = settings.maxSize();
        this.maxSizePerKey = settings.maxSizePerKey();
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
                .mapToLong(batchId -> size(folder.resolve(batchId)))
                .sum();
        // A writer calls this first, so the size measured here does not include counted bytes.
        keys.putIfAbsent(caller, new AtomicLong(size));
        return keys.get(caller);
    }

    /** A job, started if it is not running. */
    Job job(String batchId) {
        Job known = jobs.get(batchId);
        if (known != null) {
            return known;
        }
        // Not in computeIfAbsent, which would hold the map's lock during database and disk access.
        Job made = newJob(batchId);
        Job other = jobs.putIfAbsent(batchId, made);
        return other == null ? made : other;
    }

    /**
     * A running job; does not access the database.
     *
     * @throws PausedException if the job is not running
     */
    Job jobUnderWay(String batchId) {
        Job known = jobs.get(batchId);
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

    private Job newJob(String batchId) {
        return new Job(key(caller(batchId)), size(folder.resolve(batchId)), items(batchId));
    }

    private String caller(String batchId) {
        return database.call(() -> exports.caller(batchId)).orElse("");
    }

    private long items(String batchId) {
        try {
            return ExportFiles.sorted(ExportFiles.parts(folder, batchId)).stream()
                    .mapToLong(ExportQuota::size)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Stops all writes of a job. */
    void stop(String batchId) {
        Optional.ofNullable(jobs.get(batchId)).ifPresent(Job::stop);
    }

    /** Ends a job, and replaces its running count by the size of its files on disk. */
    void settle(String batchId) {
        Job job = jobs.remove(batchId);
        if (job != null) {
            job.ofKey.addAndGet(size(folder.resolve(batchId)) - job.total.get());
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

    /** The size of a file, or of all files in a folder, in bytes; 0 if it does not exist. */
    static long size(Path files) {
        try (Stream<Path> all = Files.walk(files)) {
            return all.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** A limit is exceeded. The message is the reason in one line. An IOException, because Jackson wraps all others. */
    static final class LimitReached extends IOException {
        LimitReached(String reason) {
            super(reason);
        }
    }

    /** The counts of a job. */
    final class Job {
        private final AtomicLong ofKey;
        /** The share of this job in {@code ofKey}. */
        private final AtomicLong total;
        /** The size of its JSON lines so far, in parts and beside them. */
        private final AtomicLong items;

        private final RunCalls calls = new RunCalls();

        private volatile boolean isStopped;

        private Job(AtomicLong ofKey, long total, long items) {
            this.ofKey = ofKey;
            this.total = new AtomicLong(total);
            this.items = new AtomicLong(items);
        }

        /** Waits for memory are registered here; cancelling ends them. */
        RunCalls calls() {
            return calls;
        }

        private void stop() {
            isStopped = true;
            calls.cancel();
        }

        /** Counts what is written to a stream as items. */
        Counted items(OutputStream out) {
            return new Counted(this, out, items, ExportFiles.JSON_LINES);
        }

        /** Counts what is written to a stream as a file with its own limit. */
        Counted file(OutputStream out, String name) {
            return new Counted(this, out, new AtomicLong(), name);
        }

        /** Subtracts removed items. */
        void removedItems(long bytes) {
            items.addAndGet(-bytes);
            removed(bytes);
        }

        /** Subtracts other removed files. */
        void removed(long bytes) {
            total.addAndGet(-bytes);
            ofKey.addAndGet(-bytes);
        }

        private void add(long bytes, AtomicLong counted, String file) throws IOException {
            if (isStopped) {
                throw new IOException("the export was cancelled");
            }
            if (counted.addAndGet(bytes) > maxSize.toBytes()) {
                counted.addAndGet(-bytes);
                throw new LimitReached(file + " exceeds colleagues.export.max-size, " + maxSize.toBytes()
                        + " bytes: request less data");
            }
            if (ofKey.addAndGet(bytes) > maxSizePerKey.toBytes()) {
                counted.addAndGet(-bytes);
                ofKey.addAndGet(-bytes);
                throw new LimitReached("the export files of this API key would exceed"
                        + " colleagues.export.max-size-per-key, " + maxSizePerKey.toBytes()
                        + " bytes: delete exports that are no longer needed, or request less data");
            }
            total.addAndGet(bytes);
        }
    }

    /** Counts bytes before writing them. For one thread. */
    static final class Counted extends FilterOutputStream {
        private final Job job;
        private final AtomicLong counted;
        private final String file;
        private long written;

        private Counted(Job job, OutputStream out, AtomicLong counted, String file) {
            super(out);
            this.job = job;
            this.counted = counted;
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            count(1);
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            count(length);
            out.write(bytes, offset, length);
        }

        private void count(int bytes) throws IOException {
            job.add(bytes, counted, file);
            written += bytes;
        }

        /** Subtracts all bytes counted by this stream, since its output is removed. */
        void takeBack() {
            counted.addAndGet(-written);
            job.removed(written);
            written = 0;
        }
    }
}
