package org.colleaguesearch.delivery;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.Person;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.stereotype.Component;

/** What was fetched, as a bulk request. Stateless. */
@Component
class Documents {
    /** Indexers write to the same documents side by side; OpenSearch then tries its own update again. */
    private static final int RETRIES_ON_CONFLICT = 10;

    /**
     * A partial upsert for each section, in order. Its document has {@code id}, {@code name}, {@code active} and the
     * indexer's own field, so that every indexer can be the first to write it.
     */
    List<UpdateOperation<Map<String, Object>>> of(String indexer, List<Fetched> sections) {
        return sections.stream().map(fetched -> update(fetched, indexer)).toList();
    }

    private static UpdateOperation<Map<String, Object>> update(Fetched fetched, String field) {
        Person person = fetched.call().person();
        return new UpdateOperation.Builder<Map<String, Object>>()
                .id(person.id())
                .document(Map.of("id", person.id(), "name", person.name(), "active", true, field, fetched.section()))
                .docAsUpsert(true)
                .retryOnConflict(RETRIES_ON_CONFLICT)
                .build();
    }
}
