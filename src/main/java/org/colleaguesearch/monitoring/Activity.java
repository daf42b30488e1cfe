package org.colleaguesearch.monitoring;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * When something was last done for each batch: it or one of its runs began or ended, a call to the API did, a chunk was
 * delivered. Any thread may note and ask: each holds the lock for one step on a map in memory.
 */
@Component
class Activity {
    /** More batches than are ever under way at a time. */
    private static final int BATCHES = 100;

    private final Instant start;

    private final Map<String, Instant> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > BATCHES;
        }
    };

    @Autowired
    Activity() {
        this(Instant.now());
    }

    Activity(Instant start) {
        this.start = start;
    }

    synchronized void note(String batchId) {
        last.put(batchId, Instant.now());
    }

    /** The last time for a batch; the application's start, where it has done nothing for it yet. */
    synchronized Instant last(String batchId) {
        return last.getOrDefault(batchId, start);
    }
}
