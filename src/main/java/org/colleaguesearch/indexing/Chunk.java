package org.colleaguesearch.indexing;

import java.io.Serializable;
import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.Lane;

/**
 * Up to {@code batch-size} people of one run: the unit of delivery. Self-contained, so it can be sent through a queue.
 *
 * @param number from 1 within the run; 0 for that of a dry run, which belongs to no batch and is not delivered
 * @param isRetry whether these are the people of a finished chunk whose URL failed
 */
public record Chunk(String batchId, String indexer, int number, List<Person> people, boolean isRetry)
        implements Lane, Serializable {
    public Chunk {
        people = List.copyOf(people);
    }

    /** The people of a dry run. */
    public static Chunk ofDryRun(String indexer, List<Person> people) {
        return new Chunk("dry-run", indexer, 0, people);
    }

    public boolean isDryRun() {
        return number == 0;
    }

    @Override
    public boolean isExport() {
        return Indexer.EXPORT.equals(indexer);
    }

    /** All people of a chunk. */
    public Chunk(String batchId, String indexer, int number, List<Person> people) {
        this(batchId, indexer, number, people, false);
    }
}
