package org.colleaguesearch.delivery;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.source.RunCalls;
import org.springframework.util.unit.DataSize;

/** The sizes of a running export, see {@link ExportQuota}. Any thread may count, since all counts are atomic. */
final class ExportJob {
    /** The largest size of a file, and of all files of a key. */
    record Limits(DataSize maxSize, DataSize maxSizePerKey) {}

    /** A limit is exceeded. The message is the reason in one line. An IOException, because Jackson wraps all others. */
    static final class LimitReached extends IOException {
        LimitReached(String reason) {
            super(reason);
        }
    }

    /** The failure of a write: {@link NotDeliverable} if a limit is exceeded. */
    static IOException reasonOf(IOException failure) {
        if (failure instanceof LimitReached limit) {
            throw new NotDeliverable(limit.getMessage());
        }
        return failure;
    }

    private final Limits limits;
    /** The size of all files of the key. */
    private final AtomicLong ofKey;
    /** The share of this job in {@code ofKey}. */
    private final AtomicLong total;
    /** The size of its JSON lines so far, in parts and beside them. */
    private final AtomicLong items;

    private final RunCalls calls = new RunCalls();

    private volatile boolean isStopped;

    ExportJob(Limits limits, AtomicLong ofKey, long total, long items) {
        this.limits = limits;
        this.ofKey = ofKey;
        this.total = new AtomicLong(total);
        this.items = new AtomicLong(items);
    }

    /** Waits for memory are registered here; cancelling ends them. */
    RunCalls calls() {
        return calls;
    }

    void stop() {
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
        if (counted.addAndGet(bytes) > limits.maxSize().toBytes()) {
            counted.addAndGet(-bytes);
            throw new LimitReached(file + " exceeds colleagues.export.max-size, "
                    + limits.maxSize().toBytes() + " bytes: request less data");
        }
        if (ofKey.addAndGet(bytes) > limits.maxSizePerKey().toBytes()) {
            counted.addAndGet(-bytes);
            ofKey.addAndGet(-bytes);
            throw new LimitReached("the export files of this API key would exceed"
                    + " colleagues.export.max-size-per-key, "
                    + limits.maxSizePerKey().toBytes()
                    + " bytes: delete exports that are no longer needed, or request less data");
        }
        total.addAndGet(bytes);
    }

    /** Replaces what was counted in the size of the key by the size of the files. */
    void settle(long size) {
        ofKey.addAndGet(size - total.get());
    }

    /** Counts bytes before writing them. For one thread. */
    static final class Counted extends FilterOutputStream {
        private final ExportJob job;
        private final AtomicLong counted;
        private final String file;
        private long written;

        private Counted(ExportJob job, OutputStream out, AtomicLong counted, String file) {
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
