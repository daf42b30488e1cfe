package org.colleaguesearch.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
 * The delivery of one chunk to the index: the documents still to be sent, and the outcomes of the others. Only sections
 * that have changed are sent. A document is pending until OpenSearch accepts it or refuses it permanently.
 *
 * <p>Confined to the thread of its chunk.
 */
public final class BulkDelivery {
    private final Chunk chunk;
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final long fence;
    private final List<String> meaning;
    private final List<Outcome> outcomes;

    /** Positions in the chunk. Refused documents move to the end, so that they do not hold up the others. */
    private final List<Integer> pending;

    private List<Integer> sent = List.of();
    private int maxDocuments = Integer.MAX_VALUE;
    private int refusals;
    private Refusal lastRefusal;
    private long lastAccepted = System.nanoTime();

    /**
     * @param fence see {@link Documents}; 0 if no other node can deliver
     * @param meaning the fields of an item that are searched by meaning
     */
    BulkDelivery(ChunkOutcomes chunk, long fence, List<String> meaning) {
        this.chunk = chunk.chunk();
        this.fence = fence;
        this.meaning = meaning;
        this.outcomes = new ArrayList<>(chunk.outcomes());
        this.outcomes.replaceAll(this::failIfInexact);
        this.pending = IntStream.range(0, outcomes.size())
                .filter(position -> outcomes.get(position) instanceof Fetched fetched && fetched.isChanged())
                .boxed()
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** A section whose numbers the index would change fails without being sent. */
    private Outcome failIfInexact(Outcome outcome) {
        return outcome instanceof Fetched fetched && fetched.isChanged()
                ? InexactNumbers.in(chunk.indexer(), fetched.section())
                        .<Outcome>map(reason -> failed(fetched, reason))
                        .orElse(outcome)
                : outcome;
    }

    Chunk chunk() {
        return chunk;
    }

    /** When it began: by then, its sections had been fetched. */
    Instant began() {
        return began;
    }

    long fence() {
        return fence;
    }

    List<String> meaning() {
        return meaning;
    }

    /** Whether documents remain to be sent. */
    public boolean isPending() {
        return !pending.isEmpty();
    }

    /** The sections of the next request: all pending ones, up to the current request size. */
    List<Fetched> next() {
        sent = List.copyOf(pending.subList(0, Math.min(pending.size(), maxDocuments)));
        return sent.stream().map(position -> (Fetched) outcomes.get(position)).toList();
    }

    /**
     * Records the result of each document of the last request.
     *
     * @param items one for each document, in order
     * @throws IllegalStateException if the number of items differs; all documents then stay pending
     */
    void answered(List<BulkResponseItem> items) {
        if (items.size() != sent.size()) {
            throw new IllegalStateException(
                    "OpenSearch returned " + items.size() + " items for a bulk request of " + sent.size());
        }
        pending.subList(0, sent.size()).clear();
        Refusal refused = null;
        for (int i = 0; i < items.size(); i++) {
            Optional<Refusal> refusal = Refusal.of(items.get(i));
            if (refusal.isEmpty()) {
                lastAccepted = System.nanoTime();
            } else if (refusal.get().blame() == Blame.DOCUMENT) {
                fail(sent.get(i), refusal.get());
            } else {
                pending.add(sent.get(i));
                refused = refused != null && refused.blame() == Blame.CLUSTER ? refused : refusal.get();
            }
        }
        // Grows again after halving, since a single document may have been to blame.
        maxDocuments = Math.max(maxDocuments, 2 * sent.size());
        note(refused);
    }

    /** Records that the last request failed as a whole. */
    void failed(Exception failure) {
        Refusal refusal = Refusal.of(failure);
        if (refusal.blame() != Blame.DOCUMENT) {
            note(refusal);
            return;
        }
        if (sent.size() > 1) {
            // Too large, or one bad document: halving lets all the others through.
            maxDocuments = sent.size() / 2;
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

    /** The number of consecutive requests that were refused, in whole or in part, and have to be retried. */
    int refusals() {
        return refusals;
    }

    /** Why the last request, or an item of it, has to be retried; null if none has. */
    Refusal lastRefusal() {
        return lastRefusal;
    }

    /** The time since OpenSearch last accepted a document of the chunk, or since the delivery started. */
    Duration waited() {
        return Duration.ofNanos(System.nanoTime() - lastAccepted);
    }

    /** The outcomes of the chunk; a section that OpenSearch refused permanently is now a failure. */
    public ChunkOutcomes outcomes() {
        return new ChunkOutcomes(chunk, outcomes);
    }
}
