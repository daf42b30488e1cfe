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

    /** Used by one thread at a time: Camel's splitter takes the next chunk under its own lock. */
    private static final class ChunkIterator implements Iterator<Chunk> {
        private final Run run;
        private final int batchSize;
        private final Stream<Person> stream;
        private final Iterator<Person> people;
        private int number;

        ChunkIterator(Run run, int batchSize) {
            this.run = run;
            this.batchSize = batchSize;
            this.stream = run.batch().people().stream();
            this.people = stream.iterator();
        }

        @Override
        public boolean hasNext() {
            boolean more = !run.isStopping() && people.hasNext();
            if (!more) {
                stream.close();
            }
            return more;
        }

        @Override
        public Chunk next() {
            if (!people.hasNext()) {
                throw new NoSuchElementException();
            }
            List<Person> taken = new ArrayList<>(batchSize);
            while (taken.size() < batchSize && people.hasNext()) {
                taken.add(people.next());
            }
            return new Chunk(run.batch().id(), run.indexer(), ++number, taken);
        }
    }
}
