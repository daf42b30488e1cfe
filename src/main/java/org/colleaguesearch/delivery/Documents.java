package org.colleaguesearch.delivery;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.Person;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.stereotype.Component;

/** Converts fetched sections to documents and bulk requests. Stateless. */
@Component
public class Documents {
    /** Indexers update the same documents concurrently; OpenSearch retries an update that met a version conflict. */
    private static final int RETRIES_ON_CONFLICT = 10;

    /**
     * One partial upsert per section, in order.
     *
     * @param at when they were fetched
     */
    List<UpdateOperation<Map<String, Object>>> of(Chunk chunk, Instant at, List<Fetched> sections) {
        return sections.stream().map(fetched -> update(chunk, at, fetched)).toList();
    }

    /**
     * The document of a section: {@code id}, {@code name}, {@code active} and the field of the indexer. Any indexer may
     * be the first to write a person, so each one sends all of them.
     */
    public Map<String, Object> document(String indexer, Fetched fetched) {
        Person person = fetched.call().person();
        return Map.of("id", person.id(), "name", person.name(), "active", true, indexer, fetched.section());
    }

    /** Also says, in the field {@code fetched}, which batch has fetched the section, and when. */
    private UpdateOperation<Map<String, Object>> update(Chunk chunk, Instant at, Fetched fetched) {
        Map<String, Object> document = new HashMap<>(document(chunk.indexer(), fetched));
        document.put("fetched", Map.of(chunk.indexer(), Map.of("batch", chunk.batchId(), "at", at.toString())));
        return new UpdateOperation.Builder<Map<String, Object>>()
                .id(fetched.call().person().id())
                .document(document)
                .docAsUpsert(true)
                .retryOnConflict(RETRIES_ON_CONFLICT)
                .build();
    }
}
