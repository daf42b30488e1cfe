package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.TestLedger;

/** Tells the ledger of chunks of the batch and the indexer of {@link Outcomes}. */
final class Delivered {
    private Delivered() {}

    /** Opens the batch over people of these ids. */
    static void open(TestLedger database, List<String> ids) {
        database.ledger().open("batch", "test", Instant.now(), List.of("functions", "patents"), 100);
        ObjectNode page = new ObjectMapper().createObjectNode();
        ArrayNode items = page.putArray("items");
        ids.forEach(id -> items.addObject().put("id", id).put("name", "Name of " + id));
        database.people().list("batch", 0).add(page);
    }

    /** A chunk of the batch, with nobody in it. */
    static Chunk chunk(int number) {
        return new Chunk("batch", "patents", number, List.of());
    }

    /** A chunk that is done, with nobody left whose URL failed. */
    static Chunk retry(int number) {
        return new Chunk("batch", "patents", number, List.of(), true);
    }

    static void tickOff(TestLedger database, ChunkOutcomes chunk) {
        database.chunks().begin(chunk.chunk());
        database.chunks().end(chunk, Counts.of(chunk, true, true), Instant.now());
    }
}
