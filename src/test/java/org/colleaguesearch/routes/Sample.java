package org.colleaguesearch.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;

/** Values for tests, of the indexer {@code sample} of {@code index-sample.camel.yaml}. */
final class Sample {
    static final String BATCH_ID = "20260101T020000000Z";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Sample() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A person, named as the id in capitals. */
    static Person person(String id) {
        return new Person(id, id.toUpperCase(java.util.Locale.ROOT));
    }

    static Chunk chunk(String... ids) {
        return new Chunk(
                BATCH_ID, "sample", 1, Arrays.stream(ids).map(Sample::person).toList());
    }

    static Call call(String id) {
        return new Call(person(id), RouteApplication.API + "/people/" + id + "/sample");
    }

    static Fetched fetched(String id, String section) {
        return new Fetched(call(id), json(section), 200, 1);
    }

    static Failed failed(String id, String reason) {
        return new Failed(call(id), reason, 404, 1);
    }

    /** The outcomes of a chunk of their people. */
    static ChunkOutcomes outcomes(Outcome... outcomes) {
        List<Person> people =
                Arrays.stream(outcomes).map(outcome -> outcome.call().person()).toList();
        return new ChunkOutcomes(new Chunk(BATCH_ID, "sample", 1, people), List.of(outcomes));
    }

    /** A page of the people API, the last one if {@code next} is null. */
    static JsonNode page(String next, String... ids) {
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putArray("items");
        for (String id : ids) {
            items.addObject().put("id", id).put("name", person(id).name());
        }
        return page.put("next", next);
    }

    /** A batch with all free indexers and these people. */
    static Batch batch(RouteApplication application, String... ids) {
        Batches batches = application.bean(Batches.class);
        Batch batch = batches.open("test");
        batches.listing(batch).add(Stream.of(ids).map(Sample::person).toList());
        batches.listed(batch);
        return batch;
    }

    /** Has the ledger know the runs of the batch of these chunks, none of which has begun. */
    static void openRun(RouteApplication application, String... indexers) {
        Ledger ledger = application.bean(Ledger.class);
        if (ledger.batch(BATCH_ID).isEmpty()) {
            ledger.open(BATCH_ID, "test", Instant.now(), List.of(indexers), 100, false, null);
        }
        for (String indexer : indexers) {
            application.bean(ChunkLedger.class).undo(BATCH_ID, indexer, 1);
        }
    }

    static HttpOperationFailedException status(int status, Map<String, String> headers) {
        return new HttpOperationFailedException("http://people.test/x", status, "", null, headers, "the answer's body");
    }
}
