package org.colleaguesearch.ledger;

import java.time.Instant;
import java.util.List;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Records a delivered chunk together with its sections, so that a chunk that is repeated finds neither. Stateless and
 * thread-safe. Each method is one transaction.
 */
@Component
@Transactional
public class Checkpoints {
    private final ChunkLedger chunks;
    private final SectionLedger sections;

    Checkpoints(ChunkLedger chunks, SectionLedger sections) {
        this.chunks = chunks;
        this.sections = sections;
    }

    /**
     * What was delivered of a chunk.
     *
     * @param delivery null for an export, which keeps no sections
     */
    public record Delivered(
            ChunkOutcomes outcomes,
            Counts counts,
            SectionLedger.Delivery delivery,
            List<SectionLedger.Written> written) {}

    /** Records a chunk as done. Requires the {@link Lease}. May be repeated if its success is uncertain. */
    public void done(Delivered chunk) {
        chunks.end(chunk.outcomes(), chunk.counts(), Instant.now());
        keep(chunk);
    }

    /**
     * Records a chunk as done that this node has taken. May be repeated if its success is uncertain.
     *
     * @throws ChunkTaken if another node has taken it since
     */
    @Transactional(label = Lease.ANY_NODE)
    public void doneByNode(Delivered chunk) {
        done(chunk);
    }

    /** Records the outcomes of some people of a chunk that was done before, with the change of its counts. */
    public void again(Delivered people) {
        chunks.retried(people.outcomes(), people.counts(), Instant.now());
        keep(people);
    }

    private void keep(Delivered chunk) {
        if (!chunk.written().isEmpty()) {
            sections.keep(chunk.delivery(), chunk.written());
        }
    }
}
