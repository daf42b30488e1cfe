package org.colleaguesearch.indexing;

import java.io.Serializable;
import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.Lane;

/**
 * Up to {@code batch-size} people of one run: the unit of delivery. It says all that its work needs, so it could as
 * well be sent through a queue.
 *
 * @param number counts from 1 within the run; 0 for a dry run's, which belongs to no batch and is not delivered
 * @param isRetry whether the chunk is done, and these are those of its people whose URL failed
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
