package org.colleaguesearch.indexing;

import java.io.Serializable;
import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.Lane;

/**
 * Up to {@code batch-size} people of one run: the unit of delivery. Self-contained, so it can be sent through a queue.
 *
 * @param number from 1 within the run; 0 for that of a dry run, which belongs to no batch and is not delivered
 * @param part which people of the chunk these are
 * @param claim of a node that has taken it from the queue of a cluster: a later claim makes it invalid; else 0
 */
public record Chunk(String batchId, String indexer, int number, List<Person> people, Part part, long claim)
        implements Lane, Serializable {
    /** People of a chunk. */
    public enum Part {
        ALL,
        /** Those of a finished chunk whose URL failed, and is called again. */
        FAILED,
        /** Those of a finished chunk whose outcome was held, and is delivered now. */
        HELD
    }

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

    /** Whether these are people of a finished chunk, whose outcomes replace earlier ones. */
    public boolean isPartial() {
        return part != Part.ALL;
    }

    public boolean isRelease() {
        return part == Part.HELD;
    }

    /** The same chunk, with its people, for the node that has taken it. */
    public Chunk with(long by, List<Person> all) {
        return new Chunk(batchId, indexer, number, all, part, by);
    }

    /** Whether this node has taken it from the queue of a cluster. */
    public boolean isTaken() {
        return claim > 0;
    }

    @Override
    public boolean isExport() {
        return Indexer.EXPORT.equals(indexer);
    }

    /** All people of a chunk. */
    public Chunk(String batchId, String indexer, int number, List<Person> people) {
        this(batchId, indexer, number, people, Part.ALL);
    }

    /** People of a chunk that no node has taken from a queue. */
    public Chunk(String batchId, String indexer, int number, List<Person> people, Part part) {
        this(batchId, indexer, number, people, part, 0);
    }
}
