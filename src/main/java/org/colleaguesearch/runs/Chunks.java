package org.colleaguesearch.runs;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/** Cuts a run into chunks. Stateless. */
@Component("chunks")
class Chunks {
    private final int batchSize;

    Chunks(Settings settings) {
        this.batchSize = settings.indexing().batchSize();
    }

    /**
     * The chunks of a run, read as they are asked for, so that memory holds only those in flight. They end early when
     * the run is told to stop.
     */
    public Iterator<Chunk> of(Run run) {
        return new ChunkIterator(run, batchSize);
    }

    /**
     * Used by one thread at a time: Camel's splitter takes the next chunk under its own lock. Once there is said to be
     * a next chunk there is one, also when the run is told to stop in between: the splitter would otherwise end at
     * once, without the chunks in flight.
     */
    private static final class ChunkIterator implements Iterator<Chunk> {
        private final Run run;
        private final int batchSize;
        private final Stream<Person> stream;
        private final Iterator<Person> people;
        private Chunk next;
        private int number;

        ChunkIterator(Run run, int batchSize) {
            this.run = run;
            this.batchSize = batchSize;
            this.stream = run.batch().people().stream();
            this.people = stream.iterator();
        }

        @Override
        public boolean hasNext() {
            if (next == null && !run.isStopping() && people.hasNext()) {
                next = read();
            }
            if (next == null) {
                stream.close();
            }
            return next != null;
        }

        private Chunk read() {
            List<Person> taken = new ArrayList<>(batchSize);
            while (taken.size() < batchSize && people.hasNext()) {
                taken.add(people.next());
            }
            return new Chunk(run.batch().id(), run.indexer(), ++number, taken);
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
