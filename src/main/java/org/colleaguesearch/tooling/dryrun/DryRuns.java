package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.source.CallState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Makes, watches and ends dry runs, for routes to tell. Any thread may: a semaphore is all it has. */
@Component("dryRuns")
public class DryRuns {
    private static final Logger LOG = LoggerFactory.getLogger(DryRuns.class);

    /** As many as the pool {@code dry-runs} has threads; others are refused, so that none waits for a thread. */
    private static final int MOST = 4;

    /**
     * How long one may take. With the defaults of {@code colleagues.api}, a URL that hangs is then given up, and shown
     * as an error.
     */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Indexers indexers;
    private final Reports reports;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MOST);

    @Autowired
    DryRuns(Indexers indexers, Reports reports) {
        this(indexers, reports, PATIENCE);
    }

    DryRuns(Indexers indexers, Reports reports, Duration patience) {
        this.indexers = indexers;
        this.reports = reports;
        this.patience = patience;
    }

    /**
     * A dry run that has not begun.
     *
     * @param limit how many people, 1 to {@value DryRun#MOST}
     * @throws RequestRefused when there is no such indexer
     */
    public DryRun of(String indexer, int limit) {
        if (indexers.all().stream().map(Indexer::name).noneMatch(indexer::equals)) {
            throw new RequestRefused(Kind.NOT_FOUND, indexers.unknown(indexer), "indexer");
        }
        return new DryRun(indexer, limit);
    }

    /**
     * The dry run that a request asks for.
     *
     * @param headers of the request: {@code indexer}, and {@code limit} or none
     * @throws RequestRefused when there is no such indexer
     */
    public DryRun asked(Map<String, Object> headers) {
        Object limit = headers.getOrDefault("limit", DryRun.FEW);
        return of((String) headers.get("indexer"), Integer.parseInt(limit.toString()));
    }

    /**
     * Takes a place for it.
     *
     * @throws RequestRefused when there is none
     */
    public void begin(DryRun dryRun) {
        if (!places.tryAcquire()) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE, MOST + " dry runs are under way: ask again when one of them has ended")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    /** Adds a page of the list of people; null when no other is needed. */
    public String list(DryRun dryRun, JsonNode page) {
        return dryRun.list(page);
    }

    /**
     * Keeps what the API answered to a call.
     *
     * @param call for a person of the dry run
     */
    public void keep(Answers answers, Exchange call, JsonNode answer) {
        answers.add(CallState.of(call).splitIndex(), answer);
    }

    /** Ends one whose people have been fetched. */
    public void end(DryRun dryRun, ChunkOutcomes outcomes) {
        DryRunReport report = reports.of(outcomes, dryRun.answers());
        places.release();
        dryRun.report().complete(report);
    }

    /** Ends one that could not be done. */
    public void fail(DryRun dryRun, Exception failure) {
        places.release();
        LOG.debug("a dry run could not be done", failure);
        dryRun.report()
                .completeExceptionally(new RequestRefused(
                        Kind.SOURCE_FAILED, "the dry run could not be done: " + ApiFailures.reason(failure)));
    }

    /**
     * Waits for its end. What takes longer goes on unwatched until its calls are given up.
     *
     * @throws RequestRefused when it could not be done, or not in time
     */
    public DryRunReport await(DryRun dryRun) {
        try {
            return dryRun.report().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Kind.UNAVAILABLE, "the server stops; ask again later");
        } catch (TimeoutException e) {
            throw new RequestRefused(
                    Kind.TIMED_OUT,
                    "the dry run has not ended after %d minutes: the API hangs, or is taken for down; see /actuator/health"
                            .formatted(patience.toMinutes()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RequestRefused known ? known : new IllegalStateException(e.getCause());
        }
    }
}
