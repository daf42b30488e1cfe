package org.colleaguesearch.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.colleaguesearch.ledger.Counts;
import org.colleaguesearch.ledger.History;
import org.colleaguesearch.ledger.State;

/** A run in an API response: {@code Run} of the contract. Null fields are omitted. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunDocument(
        String id,
        String batchId,
        String indexer,
        String state,
        String startedBy,
        Integer people,
        long urls,
        long documents,
        long rows,
        long errors,
        long unchanged,
        long held,
        String began,
        String ended,
        String error) {

    /** Makes the document of a run, with the state to show. */
    static RunDocument of(History.Entry entry, State state) {
        Counts counts = entry.run().counts();
        return new RunDocument(
                new RunId(entry.run().batchId(), entry.run().indexer()).toString(),
                entry.run().batchId(),
                entry.run().indexer(),
                state.toString(),
                entry.startedBy(),
                entry.people(),
                counts.urls(),
                counts.documents(),
                counts.rows(),
                counts.errors(),
                counts.unchanged(),
                counts.held(),
                text(entry.began()),
                text(entry.ended()),
                entry.run().error());
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
