package org.colleaguesearch.delivery;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.api.ApiFailures;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.springframework.stereotype.Component;

/** The outcomes of a chunk as one bulk request, and the request's answer as outcomes. Stateless. */
@Component("documents")
class Documents {
    /** Indexers write to the same documents side by side; OpenSearch then tries its own update again. */
    private static final int RETRIES_ON_CONFLICT = 10;

    /**
     * A partial upsert for each URL that was fetched, in order. Its document has {@code id}, {@code name},
     * {@code active} and the indexer's own field, so that every indexer can be the first to write it.
     */
    public List<UpdateOperation<Map<String, Object>>> of(ChunkOutcomes chunk) {
        String field = chunk.chunk().indexer();
        return chunk.fetched().map(fetched -> update(fetched, field)).toList();
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

    /**
     * The outcomes again, where each one that OpenSearch did not take has become a failure with OpenSearch's reason.
     *
     * @param items the answer's items, one for each fetched outcome, in order
     */
    public ChunkOutcomes taken(ChunkOutcomes chunk, List<BulkResponseItem> items) {
        if (items.size() != chunk.fetched().count()) {
            throw new IllegalStateException("OpenSearch answered " + items.size() + " items to a bulk request of "
                    + chunk.fetched().count());
        }
        Iterator<BulkResponseItem> next = items.iterator();
        List<Outcome> outcomes = new ArrayList<>(chunk.outcomes().size());
        for (Outcome outcome : chunk.outcomes()) {
            outcomes.add(outcome instanceof Fetched fetched ? taken(fetched, next.next()) : outcome);
        }
        return new ChunkOutcomes(chunk.chunk(), outcomes);
    }

    private static Outcome taken(Fetched fetched, BulkResponseItem item) {
        if (item.error() == null) {
            return fetched;
        }
        String reason = "OpenSearch refused the document: " + item.error().type() + ": "
                + ApiFailures.firstLine(item.error().reason());
        return new Failed(fetched.call(), reason, 200, fetched.attempts());
    }

    /** The outcomes again, where everything fetched has become a failure: the whole request failed. */
    public ChunkOutcomes notTaken(ChunkOutcomes chunk, Exception failure) {
        String reason = "not indexed: " + ApiFailures.reason(failure);
        return new ChunkOutcomes(
                chunk.chunk(),
                chunk.outcomes().stream()
                        .map(outcome -> outcome instanceof Fetched fetched
                                ? new Failed(fetched.call(), reason, 200, fetched.attempts())
                                : outcome)
                        .toList());
    }
}
