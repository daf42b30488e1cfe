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
 * What the files of exports take on disk: all files of an API key's jobs, and the items of a job. Bytes are counted
 * before they are written, so that no limit is exceeded however many threads write. What was there before is measured on
 * the disk: for a key when it is first asked for, and for a job when it is begun or continued.
 *
 * <p>Any thread may count: each count is an atomic number. A job is begun and ended by the thread that has opened it.
 */
final class ExportSpace {
    private final Path folder;
    private final DataSize maxSize;
    private final DataSize maxSizePerKey;
    private final ExportLedger exports;
    private final DatabaseWait database;
    /** By the name of the key. */
    private final ConcurrentHashMap<String, AtomicLong> keys = new ConcurrentHashMap<>();
    /** By batch; of those under way. */
    private final ConcurrentHashMap<String, Job> jobs = new ConcurrentHashMap<>();

    ExportSpace(Settings.Export settings, ExportLedger exports, DatabaseWait database) {
        this.folder = settings.folder();
        this.maxSize = settings.maxSize();
        this.maxSizePerKey = settings.maxSizePerKey();
        this.exports = exports;
        this.database = database;
    }

    /** The bytes of all files that a key's jobs have. */
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
        // Whoever writes has asked before: what another thread has put is not counted twice.
        keys.putIfAbsent(caller, new AtomicLong(size));
        return keys.get(caller);
    }

    /** The counts of a job under way; it is begun if need be. */
    Job job(String batchId) {
        Job known = jobs.get(batchId);
        if (known != null) {
            return known;
        }
        // Not within the map, whose lock would be held for as long as the database and the disk take.
        Job made = newJob(batchId);
        Job other = jobs.putIfAbsent(batchId, made);
        return other == null ? made : other;
    }

    /**
     * The counts of a job that was begun; without the database.
     *
     * @throws PausedException when it is not under way any more
     */
    Job jobUnderWay(String batchId) {
        Job known = jobs.get(batchId);
        if (known == null) {
            throw new PausedException("the export is no longer under way here");
        }
        return known;
    }

    /** Begins or continues a job, whose files are as they were left. */
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
            return CsvParts.sorted(ExportFiles.parts(folder, batchId)).stream()
                    .mapToLong(ExportSpace::size)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Has what is being written for a job end. */
    void stop(String batchId) {
        Optional.ofNullable(jobs.get(batchId)).ifPresent(Job::stop);
    }

    /** Ends a job, and counts what its files take now in place of what was counted while they were written. */
    void settle(String batchId) {
        Job job = jobs.remove(batchId);
        if (job != null) {
            job.ofKey.addAndGet(size(folder.resolve(batchId)) - job.all.get());
        }
    }

    /** Told that the files of a job that is not under way were removed. */
    void removed(String batchId, long bytes) {
        if (bytes > 0 && !keys.isEmpty()) {
            database.call(() -> exports.caller(batchId)).map(keys::get).ifPresent(key -> key.addAndGet(-bytes));
        }
    }

    boolean isUnderWay(String batchId) {
        return jobs.containsKey(batchId);
    }

    /** Measures anew when it is next asked: another instance may write, too. */
    void forget() {
        keys.clear();
        jobs.clear();
    }

    /** The bytes of a file, or of all files of a folder; 0 if it does not exist. */
    static long size(Path files) {
        try (Stream<Path> all = Files.walk(files)) {
            return all.map(Path::toFile)
                    .mapToLong(file -> file.isFile() ? file.length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    /** A limit is reached. The message is the reason, in one line. An IOException, since Jackson wraps all others. */
    static final class LimitReached extends IOException {
        LimitReached(String reason) {
            super(reason);
        }
    }

    /** The counts of a job. */
    final class Job {
        private final AtomicLong ofKey;
        /** What it has added to that. */
        private final AtomicLong all;
        /** Of its parts, and of what is to be one: the size of its JSON lines so far. */
        private final AtomicLong items;

        /** Its cancel ends what waits. */
        private final RunCalls calls = new RunCalls();

        private volatile boolean isStopped;

        private Job(AtomicLong ofKey, long all, long items) {
            this.ofKey = ofKey;
            this.all = new AtomicLong(all);
            this.items = new AtomicLong(items);
        }

        /** What waits for memory to read its items is one of these. */
        RunCalls calls() {
            return calls;
        }

        private void stop() {
            isStopped = true;
            calls.cancel();
        }

        /** A stream of items, which are counted as such. */
        Counted items(OutputStream out) {
            return new Counted(this, out, items, ExportFiles.JSON_LINES);
        }

        /** A stream of a file that has a limit of its own. */
        Counted file(OutputStream out, String name) {
            return new Counted(this, out, new AtomicLong(), name);
        }

        /** Told that items were removed. */
        void removedItems(long bytes) {
            items.addAndGet(-bytes);
            removed(bytes);
        }

        /** Told that other files were removed. */
        void removed(long bytes) {
            all.addAndGet(-bytes);
            ofKey.addAndGet(-bytes);
        }

        private void add(long bytes, AtomicLong counted, String file) throws IOException {
            if (isStopped) {
                throw new IOException("the export is cancelled");
            }
            if (counted.addAndGet(bytes) > maxSize.toBytes()) {
                counted.addAndGet(-bytes);
                throw new LimitReached(file + " is larger than colleagues.export.max-size, " + maxSize.toBytes()
                        + " bytes: ask for less");
            }
            if (ofKey.addAndGet(bytes) > maxSizePerKey.toBytes()) {
                counted.addAndGet(-bytes);
                ofKey.addAndGet(-bytes);
                throw new LimitReached("the files of this API key's exports would be larger than"
                        + " colleagues.export.max-size-per-key, " + maxSizePerKey.toBytes()
                        + " bytes: delete exports that are no longer needed, or ask for less");
            }
            all.addAndGet(bytes);
        }
    }

    /** Counts what is written before it is written. For one thread. */
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

        /** Takes back what was counted, since what was written is removed. */
        void takeBack() {
            counted.addAndGet(-written);
            job.removed(written);
            written = 0;
        }
    }
}
