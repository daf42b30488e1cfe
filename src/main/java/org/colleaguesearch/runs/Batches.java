package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.api.ApiFailures;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Opens and closes batches. Any thread may: an indexer is claimed in one step, so it runs at most once at a time. */
@Component("batches")
public class Batches {
    private static final Logger LOG = LoggerFactory.getLogger(Batches.class);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final Indexers indexers;
    private final List<String> only;
    private final boolean atStart;
    private final Path folder;

    /** The batch that each running indexer belongs to. */
    private final ConcurrentHashMap<String, Batch> running = new ConcurrentHashMap<>();

    private final AtomicLong lastId = new AtomicLong();
    private volatile boolean stopping;

    Batches(Indexers indexers, Settings settings) {
        this.indexers = indexers;
        this.only = settings.indexing().only();
        this.atStart = settings.runAtStart() == null ? settings.api().baseUrl() == null : settings.runAtStart();
        this.folder = settings.indexing().workFolder();
    }

    /** Whether a batch is to begin as the application starts; by default only with the demo API. */
    public boolean atStart() {
        return atStart;
    }

    /**
     * Opens a batch with the indexers that are to run and do not run yet; it may have none.
     *
     * @param trigger what started it, for the log
     */
    public synchronized Batch open(String trigger) {
        List<String> free = new ArrayList<>();
        for (String indexer : wanted()) {
            Batch other = running.get(indexer);
            if (stopping) {
                LOG.info("{}: indexer {} is skipped, the application is stopping", trigger, indexer);
            } else if (other != null) {
                LOG.info("{}: indexer {} is skipped, it still runs in batch {}", trigger, indexer, other.id());
            } else {
                free.add(indexer);
            }
        }
        Batch batch = new Batch(newId(), folder, free);
        free.forEach(indexer -> running.put(indexer, batch));
        if (!free.isEmpty()) {
            LOG.info("batch {} opened by {}: {}", batch.id(), trigger, String.join(", ", free));
        }
        return batch;
    }

    private List<String> wanted() {
        return indexers.all().stream()
                .map(Indexer::name)
                .filter(name -> only.isEmpty() || only.contains(name))
                .toList();
    }

    /** Two batches of one millisecond get different ids. */
    private String newId() {
        long id = lastId.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
        return ID.format(Instant.ofEpochMilli(id));
    }

    /**
     * Adds a page of the people API to the people of a batch.
     *
     * @return the URL of the next page, or null after the last one
     */
    public String list(Batch batch, JsonNode page) throws IOException {
        return batch.people().add(page);
    }

    /** Ends the listing of a batch's people. */
    public void listed(Batch batch) throws IOException {
        batch.people().close();
        batch.listed();
        LOG.info("batch {}: {} active people", batch.id(), batch.people().size());
    }

    /** Notes that the batch could not be done, for a reason before or beside its runs. */
    public void fail(Batch batch, Exception failure) {
        batch.fail(ApiFailures.reason(failure));
        LOG.error("batch {} failed: {}", batch.id(), batch.failure());
        LOG.debug("batch {} failed", batch.id(), failure);
    }

    /** Closes a batch whose runs have ended: its indexers may run again. */
    public void close(Batch batch) throws IOException {
        batch.runs().forEach(run -> running.remove(run.indexer(), batch));
        batch.people().delete();
    }

    /** The batches that are open. */
    Collection<Batch> underWay() {
        return List.copyOf(running.values()).stream().distinct().toList();
    }

    /** No new chunk begins once the application is asked to stop; those in flight go on. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
        running.values().forEach(Batch::stop);
    }
}
