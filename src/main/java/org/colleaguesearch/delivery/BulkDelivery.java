package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.delivery.Refusal.Blame;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;

/**
 * A chunk on its way into the index: what is still to be sent, and what became of the rest. A document is done when
 * OpenSearch has taken it, or has refused it for its own sake; until then it stays pending.
 *
 * <p>Used by one thread at a time, that of its chunk.
 */
public final class BulkDelivery {
    private final Chunk chunk;
    private final List<Outcome> outcomes;

    /** Positions in the chunk. What was refused goes to the end, so that it holds up nothing else. */
    private final List<Integer> pending;

    private List<Integer> sent = List.of();
    private int mostDocuments = Integer.MAX_VALUE;
    private int refusals;
    private Refusal lastRefusal;
    private long lastTaken = System.nanoTime();

    BulkDelivery(ChunkOutcomes chunk) {
        this.chunk = chunk.chunk();
        this.outcomes = new ArrayList<>(chunk.outcomes());
        this.outcomes.replaceAll(this::exact);
        this.pending = IntStream.range(0, outcomes.size())
                .filter(position -> outcomes.get(position) instanceof Fetched)
                .boxed()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** What the index would change is no more sent than what it would refuse. */
    private Outcome exact(Outcome outcome) {
        return outcome instanceof Fetched fetched
                ? InexactNumbers.in(chunk.indexer(), fetched.section())
                        .<Outcome>map(reason -> failed(fetched, reason))
                        .orElse(outcome)
                : outcome;
    }

    String indexer() {
        return chunk.indexer();
    }

    /** Whether anything is still to be sent. */
    public boolean isPending() {
        return !pending.isEmpty();
    }

    /** What the next request is to have: all that is pending, or as much as one request may have. */
    List<Fetched> next() {
        sent = List.copyOf(pending.subList(0, Math.min(pending.size(), mostDocuments)));
        return sent.stream().map(position -> (Fetched) outcomes.get(position)).toList();
    }

    /**
     * Notes what became of each document of the last request.
     *
     * @param items one for each document, in order
     * @throws IllegalStateException if there are more or fewer; all of them are then still pending
     */
    void answered(List<BulkResponseItem> items) {
        if (items.size() != sent.size()) {
            throw new IllegalStateException(
                    "OpenSearch answered " + items.size() + " items to a bulk request of " + sent.size());
        }
        pending.subList(0, sent.size()).clear();
        Refusal refused = null;
        for (int i = 0; i < items.size(); i++) {
            Optional<Refusal> refusal = Refusal.of(items.get(i));
            if (refusal.isEmpty()) {
                lastTaken = System.nanoTime();
            } else if (refusal.get().blame() == Blame.DOCUMENT) {
                fail(sent.get(i), refusal.get());
            } else {
                pending.add(sent.get(i));
                refused = refused != null && refused.blame() == Blame.CLUSTER ? refused : refusal.get();
            }
        }
        // Grows again after it was halved, since one document may have been to blame.
        mostDocuments = Math.max(mostDocuments, 2 * sent.size());
        note(refused);
    }

    /** Notes that the last request failed as a whole. */
    void failed(Exception failure) {
        Refusal refusal = Refusal.of(failure);
        if (refusal.blame() != Blame.DOCUMENT) {
            note(refusal);
            return;
        }
        if (sent.size() > 1) {
            // Too large, or one document spoils it: in halves, all the others get through.
            mostDocuments = sent.size() / 2;
        } else {
            fail(pending.removeFirst(), refusal);
        }
        note(null);
    }

    private void note(Refusal refusal) {
        refusals = refusal == null ? 0 : refusals + 1;
        lastRefusal = refusal;
    }

    private void fail(int position, Refusal refusal) {
        Fetched fetched = (Fetched) outcomes.get(position);
        String why = RefusedField.in(refusal.reason())
                .map(field -> field.reason(chunk.indexer(), fetched.section()))
                .orElse(refusal.reason());
        outcomes.set(position, failed(fetched, "OpenSearch refused the document: " + why));
    }

    private static Failed failed(Fetched fetched, String reason) {
        return new Failed(fetched.call(), reason, fetched.status(), fetched.attempts(), fetched.calls());
    }

    /** How many requests in a row were refused, or had items refused, that are to be sent again. */
    int refusals() {
        return refusals;
    }

    /** Why the last request was refused, or an item of it; null if none was that is to be sent again. */
    Refusal lastRefusal() {
        return lastRefusal;
    }

    /** How long ago OpenSearch took a document of the chunk, or its delivery began. */
    Duration waited() {
        return Duration.ofNanos(System.nanoTime() - lastTaken);
    }

    /** The outcomes of the chunk, where what OpenSearch refused for good has become a failure. */
    public ChunkOutcomes outcomes() {
        return new ChunkOutcomes(chunk, outcomes);
    }
}
