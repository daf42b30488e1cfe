package org.colleaguesearch.monitoring;

import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/**
 * Notes, for the lines that a thread logs from here on, which batch, run and chunk they are about: {@code batch},
 * {@code run} and {@code chunk} of the MDC, and that something is done for the batch. Stateless: an MDC belongs to its
 * thread alone.
 *
 * <p>A pool hands what is noted on with each task and forgets it at the task's end. For a thread that is no pool's,
 * such as the scheduler's, this is the policy of a route that forgets it at the route's end.
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

    /** A run goes by the name of its indexer, of which a batch has one run. */
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
