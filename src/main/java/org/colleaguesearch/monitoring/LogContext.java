package org.colleaguesearch.monitoring;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.SharedPolicy;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Adds the batch, run and chunk to the lines that a thread logs from here on ({@code batch}, {@code run} and {@code
 * chunk} of the MDC), and records the activity of the batch. Stateless: an MDC belongs to its thread alone.
 *
 * <p>Thread pools pass the MDC on with each task and clear it at the end of the task. For threads outside pools, such
 * as the scheduler's, this is a route policy that clears it at the end of the route.
 */
@Component("logContext")
public class LogContext extends SharedPolicy {
    public static final String BATCH = "batch";
    public static final String RUN = "run";
    public static final String CHUNK = "chunk";

    private final Activity activity;

    LogContext(Activity activity) {
        this.activity = activity;
    }

    public void ofBatch(Batch batch) {
        activity.note(batch.id());
        MDC.put(BATCH, batch.id());
        MDC.remove(RUN);
        MDC.remove(CHUNK);
    }

    /** A run is identified by its indexer, of which a batch has one run. */
    public void ofRun(Run run) {
        activity.note(run.batch().id());
        MDC.put(BATCH, run.batch().id());
        MDC.put(RUN, run.indexer());
        MDC.remove(CHUNK);
    }

    public void ofChunk(Chunk chunk) {
        activity.note(chunk.batchId());
        MDC.put(BATCH, chunk.batchId());
        MDC.put(RUN, chunk.indexer());
        MDC.put(CHUNK, Integer.toString(chunk.number()));
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        MDC.remove(BATCH);
        MDC.remove(RUN);
        MDC.remove(CHUNK);
    }
}
