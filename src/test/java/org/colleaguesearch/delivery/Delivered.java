package org.colleaguesearch.delivery;

import java.time.Instant;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;

/** Records chunks of the batch and indexer of {@link Outcomes} in the ledger. */
final class Delivered {
    private Delivered() {}

    /** Opens the batch with people of these ids. */
    static void open(TestLedger database, List<String> ids) {
        database.ledger().open("batch", "test", Instant.now(), List.of("functions", "patents"), 100, false, null);
        List<Person> people =
                ids.stream().map(id -> new Person(id, "Name of " + id)).toList();
        database.people().list("batch", 0).add(people);
    }

    /** A chunk of the batch without people. */
    static Chunk chunk(int number) {
        return new Chunk("batch", "patents", number, List.of());
    }

    /** A done chunk without failed URLs. */
    static Chunk retry(int number) {
        return new Chunk("batch", "patents", number, List.of(), Chunk.Part.FAILED);
    }

    static void tickOff(TestLedger database, ChunkOutcomes chunk) {
        database.chunks().begin(chunk.chunk());
        database.chunks().end(chunk, Counts.of(chunk, true, true), Instant.now());
    }
}
