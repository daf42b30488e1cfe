package org.colleaguesearch.runs;

import java.util.concurrent.ConcurrentHashMap;
import org.colleaguesearch.api.ApiFailures;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The runs under way, by batch and indexer. Any thread may ask; each run has one thread that starts and ends it. */
@Component("runs")
public class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final ConcurrentHashMap<Key, Run> runs = new ConcurrentHashMap<>();
    private final Deliveries deliveries;

    Runs(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    private record Key(String batchId, String indexer) {}

    /** Starts the batch's run of an indexer. */
    public Run start(Batch batch, String indexer) {
        Run run = batch.runs().stream()
                .filter(candidate -> candidate.indexer().equals(indexer))
                .findFirst()
                .orElseThrow();
        runs.put(new Key(batch.id(), indexer), run);
        run.start();
        return run;
    }

    /** Ticks a delivered chunk off. */
    public void checkpoint(ChunkOutcomes chunk) {
        Chunk of = chunk.chunk();
        runs.get(new Key(of.batchId(), of.indexer())).add(chunk, deliveries.toOpenSearch(), deliveries.toCsv());
    }

    /** Ends a run whose chunks are all done, or that was told to stop before. */
    public void end(Run run) {
        boolean stopped = run.isStopping();
        end(run, stopped ? Run.State.INTERRUPTED : Run.State.COMPLETED, stopped ? "the application stops" : null);
    }

    /** Ends a run that cannot go on. */
    public void fail(Run run, Exception failure) {
        String why = ApiFailures.reason(failure);
        end(run, Run.State.FAILED, why);
        LOG.error("run {} failed: {}", run.indexer(), why);
        LOG.debug("run {} failed", run.indexer(), failure);
    }

    private void end(Run run, Run.State how, String why) {
        run.end(how, why);
        runs.remove(new Key(run.batch().id(), run.indexer()));
    }
}
