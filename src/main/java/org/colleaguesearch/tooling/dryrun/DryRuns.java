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

/** Starts, tracks and completes dry runs, on behalf of the routes. Thread-safe: its only state is a semaphore. */
@Component("dryRuns")
public class DryRuns {
    private static final Logger LOG = LoggerFactory.getLogger(DryRuns.class);

    /** The size of the pool {@code dry-runs}. More are rejected, so that no dry run waits for a thread. */
    private static final int MOST = 4;

    /**
     * Timeout of a dry run. With the defaults of {@code colleagues.apis}, a hanging URL fails before it, and is reported
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
     * A dry run that has not started.
     *
     * @param limit the number of people, 1 to {@value DryRun#MOST}
     * @throws RequestRefused when the indexer is unknown
     */
    public DryRun of(String indexer, int limit) {
        if (indexers.all().stream().map(Indexer::name).noneMatch(indexer::equals)) {
            throw new RequestRefused(Kind.NOT_FOUND, indexers.unknown(indexer), "indexer");
        }
        return new DryRun(indexer, limit);
    }

    /**
     * The dry run for a request.
     *
     * @param headers of the request: {@code indexer}, and optionally {@code limit}
     * @throws RequestRefused when the indexer is unknown
     */
    public DryRun asked(Map<String, Object> headers) {
        Object limit = headers.getOrDefault("limit", DryRun.FEW);
        return of((String) headers.get("indexer"), Integer.parseInt(limit.toString()));
    }

    /**
     * Acquires a permit.
     *
     * @throws RequestRefused when too many dry runs are running
     */
    public void begin(DryRun dryRun) {
        if (!places.tryAcquire()) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE, MOST + " dry runs are already running: try again when one has finished")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    /**
     * Keeps the API's answer to a call.
     *
     * @param call for a person of the dry run; a page of a bulk feed is kept for the first one
     */
    public void keep(Answers answers, Exchange call, JsonNode answer) {
        Integer person = CallState.of(call).splitIndex();
        answers.add(person == null ? 0 : person, answer);
    }

    /** Completes a dry run whose people have been fetched. */
    public void end(DryRun dryRun, ChunkOutcomes outcomes) {
        DryRunReport report = reports.of(outcomes, dryRun.answers());
        places.release();
        dryRun.report().complete(report);
    }

    /** Completes a dry run with its failure. */
    public void fail(DryRun dryRun, Exception failure) {
        places.release();
        LOG.debug("a dry run failed", failure);
        dryRun.report()
                .completeExceptionally(
                        new RequestRefused(Kind.SOURCE_FAILED, "the dry run failed: " + ApiFailures.reason(failure)));
    }

    /**
     * Waits until it completes. After a timeout, it continues in the background until its calls fail.
     *
     * @throws RequestRefused when it failed, or did not finish in time
     */
    public DryRunReport await(DryRun dryRun) {
        try {
            return dryRun.report().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Kind.UNAVAILABLE, "the server is shutting down; try again later");
        } catch (TimeoutException e) {
            throw new RequestRefused(
                    Kind.TIMED_OUT,
                    "the dry run has not finished after %d minutes: the API hangs or is down; see /actuator/health"
                            .formatted(patience.toMinutes()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RequestRefused known ? known : new IllegalStateException(e.getCause());
        }
    }
}
