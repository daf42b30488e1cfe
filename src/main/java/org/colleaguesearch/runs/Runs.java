package org.colleaguesearch.runs;

import org.colleaguesearch.api.ApiFailures;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What happens to a run, for routes to tell. Stateless: a run keeps its own state, safe for the threads of its chunks. */
@Component("runs")
public class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final Batches batches;
    private final Deliveries deliveries;

    Runs(Batches batches, Deliveries deliveries) {
        this.batches = batches;
        this.deliveries = deliveries;
    }

    /** Starts the batch's run of an indexer. */
    public Run start(Batch batch, String indexer) {
        Run run = batch.run(indexer);
        run.start();
        return run;
    }

    /** Ticks a delivered chunk off. */
    public void checkpoint(ChunkOutcomes chunk) {
        Chunk of = chunk.chunk();
        batches.find(of.batchId(), of.indexer())
                .run(of.indexer())
                .add(chunk, deliveries.toOpenSearch(), deliveries.toCsv());
    }

    /** Ends a run whose chunks are done. It is completed unless it failed, or was told to stop before its last chunk. */
    public void end(Run run) {
        run.end();
    }

    /** Notes that a run cannot go on: no new chunk begins, those in flight end. */
    public void fail(Run run, Exception failure) {
        if (run.fail(ApiFailures.reason(failure))) {
            LOG.error("{}", run.summary());
            LOG.debug("run {} failed", run.indexer(), failure);
        }
    }
}
