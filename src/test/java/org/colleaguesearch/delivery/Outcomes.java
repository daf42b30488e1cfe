package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;

/** Builds the outcomes of a chunk of the indexer {@code patents}. */
final class Outcomes {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Outcomes() {}

    static ChunkOutcomes of(int chunk, Outcome... outcomes) {
        List<Person> people =
                Arrays.stream(outcomes).map(outcome -> outcome.call().person()).toList();
        return new ChunkOutcomes(new Chunk("batch", "patents", chunk, people), List.of(outcomes));
    }

    static Fetched fetched(String id, String section) {
        return new Fetched(call(id), json(section), 200, 1);
    }

    static Failed failed(String id, String reason, Integer status, int attempts) {
        return new Failed(call(id), reason, status, attempts);
    }

    private static Call call(String id) {
        return new Call(new Person(id, "Name of " + id), "https://api/people/" + id + "/patents");
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
