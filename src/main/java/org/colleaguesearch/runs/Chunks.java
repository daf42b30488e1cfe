package org.colleaguesearch.runs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.HeldLedger;
import org.springframework.stereotype.Component;

/** Splits a run into chunks. Stateless. */
@Component("chunks")
class Chunks {
    /** A single crash is likely to have another cause, and it hits all chunks in flight. */
    static final int SUSPECT_AFTER = 2;

    private final ChunkLedger ledger;
    private final HeldLedger held;
    private final DatabaseWait database;

    Chunks(ChunkLedger ledger, HeldLedger held, DatabaseWait database) {
        this.ledger = ledger;
        this.held = held;
        this.database = database;
    }

    /**
     * The pending chunks of a run, read lazily, so that memory holds only those in flight. They end early when the run
     * is stopping. A retry also starts with undone chunks: their parts may have been deleted since the run completed.
     */
    public Iterator<Chunk> of(Run run) {
        Source undone = new UndoneChunks(
                run, database.call(() -> ledger.done(run.batch().id(), run.indexer())));
        return iterator(run, run.isRetry() ? then(undone, PartialChunks.failed(run, ledger)) : undone);
    }

    /**
     * The pending chunks that may have crashed the application: they were in flight in more than one crash. Also read
     * lazily.
     */
    public Iterator<Chunk> suspects(Run run) {
        Deque<Integer> numbers = new ArrayDeque<>(
                database.call(() -> ledger.oftenBegun(run.batch().id(), run.indexer(), SUSPECT_AFTER)));
        return iterator(run, () -> {
            Chunk next = numbers.isEmpty() ? null : chunk(run, numbers.peek());
            numbers.poll();
            return next;
        });
    }

    /** The chunks of a run that hold outcomes, each with the people of these. Also read lazily. */
    public Iterator<Chunk> held(Run run) {
        return iterator(run, PartialChunks.held(run, held));
    }

    private Iterator<Chunk> iterator(Run run, Source source) {
        return new ChunkIterator(run, () -> database.call(source::next));
    }

    /** All people of a chunk of a run. */
    static Chunk chunk(Run run, int number) {
        return new Chunk(run.batch().id(), run.indexer(), number, run.peopleOf(number));
    }

    private static Source then(Source first, Source second) {
        return () -> {
            Chunk next = first.next();
            return next == null ? second.next() : next;
        };
    }

    /** A source of chunks. */
    interface Source {
        /** Returns the next chunk, or null after the last one. Repeatable after a database failure. */
        Chunk next();
    }

    /**
     * Used by one thread at a time: Camel's splitter takes the next chunk under its own lock. Once {@code hasNext()}
     * has returned true, {@code next()} returns a chunk even if the run stops in between: otherwise the splitter would
     * finish without waiting for the chunks in flight.
     */
    private static final class ChunkIterator implements Iterator<Chunk> {
        private final Run run;
        private final Source source;
        private Chunk next;
        private boolean ended;

        ChunkIterator(Run run, Source source) {
            this.run = run;
            this.source = source;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                next = run.isStopping() ? null : source.next();
                // Kept, because the splitter calls hasNext() again after the end.
                ended = next == null;
            }
            return next != null;
        }

        @Override
        public Chunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Chunk chunk = next;
            next = null;
            return chunk;
        }
    }
}
