package org.colleaguesearch.delivery;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.Person;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.stereotype.Component;

/** What was fetched, as documents and as a bulk request of them. Stateless. */
@Component
public class Documents {
    /** Indexers write to the same documents side by side; OpenSearch then tries its own update again. */
    private static final int RETRIES_ON_CONFLICT = 10;

    /** A partial upsert for each section, in order. */
    List<UpdateOperation<Map<String, Object>>> of(String indexer, List<Fetched> sections) {
        return sections.stream().map(fetched -> update(indexer, fetched)).toList();
    }

    /**
     * The document of a section: {@code id}, {@code name}, {@code active} and the indexer's own field, so that every
     * indexer can be the first to write it.
     */
    public Map<String, Object> document(String indexer, Fetched fetched) {
        Person person = fetched.call().person();
        return Map.of("id", person.id(), "name", person.name(), "active", true, indexer, fetched.section());
    }

    private UpdateOperation<Map<String, Object>> update(String indexer, Fetched fetched) {
        return new UpdateOperation.Builder<Map<String, Object>>()
                .id(fetched.call().person().id())
                .document(document(indexer, fetched))
                .docAsUpsert(true)
                .retryOnConflict(RETRIES_ON_CONFLICT)
                .build();
    }
}
