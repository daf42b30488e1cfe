package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Remembers the last batch, and the last run of each indexer, since the start. Any thread may tell or ask. */
@Component("lastRuns")
public class LastRuns {
    /** A batch and when it began. */
    public record Began(Batch batch, Instant at) {}

    private final ConcurrentHashMap<String, Run> runs = new ConcurrentHashMap<>();
    private volatile Began last;

    /** Notes a batch that has been opened with something to run. */
    public void opened(Batch batch) {
        batch.runs().forEach(run -> runs.put(run.indexer(), run));
        last = new Began(batch, Instant.now());
    }

    public Optional<Began> batch() {
        return Optional.ofNullable(last);
    }

    public Optional<Run> run(String indexer) {
        return Optional.ofNullable(runs.get(indexer));
    }
}
