package org.colleaguesearch.runs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.DatabaseWait;
import org.springframework.stereotype.Component;

/** Cuts a run into chunks. Stateless. */
@Component("chunks")
class Chunks {
    /** One crash is likely to have another reason, and catches as many chunks as were in flight. */
    private static final int SUSPECT_AFTER = 2;

    private final ChunkLedger ledger;
    private final DatabaseWait database;

    Chunks(ChunkLedger ledger, DatabaseWait database) {
        this.ledger = ledger;
        this.database = database;
    }

    /**
     * The chunks of a run that are to be done, read as they are asked for, so that memory holds only those in flight.
     * They end early when the run is told to stop. A retry, too, begins with those that are undone: their parts may be
     * gone since the run was completed.
     */
    public Iterator<Chunk> of(Run run) {
        Source undone = new UndoneChunks(
                run, database.call(() -> ledger.done(run.batch().id(), run.indexer())));
        return iterator(run, run.isRetry() ? then(undone, new FailedChunks(run, ledger)) : undone);
    }

    /**
     * Those of them that may be what the application died of: they were under way more than once when it did. The same
     * as above holds for how they are read.
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

    /** Where the next chunk comes from. */
    interface Source {
        /** The next chunk, or null after the last one. When the database fails, it is still the next one. */
        Chunk next();
    }

    /**
     * Used by one thread at a time: Camel's splitter takes the next chunk under its own lock. Once there is said to be
     * a next chunk there is one, also when the run is told to stop in between: the splitter would otherwise end at
     * once, without the chunks in flight.
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
                // Remembered, since the splitter asks again after the end.
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
