package org.colleaguesearch.monitoring;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The time of the last activity of each batch: the start or end of it or one of its runs, an API call, or a delivered
 * chunk. Thread-safe: the lock is held for one step on a map in memory.
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

    /** The last activity of a batch; the start of the application if there is none yet. */
    synchronized Instant last(String batchId) {
        return last.getOrDefault(batchId, start);
    }
}
