package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.Ledger;
import org.springframework.stereotype.Component;

/** Handles API requests to start, cancel and retry runs. Stateless. */
@Component("runRequests")
class RunRequests {
    private final OpenBatches open;
    private final Batches batches;
    private final Retries retries;
    private final Runs runs;
    private final Ledger ledger;
    private final Indexers indexers;

    RunRequests(OpenBatches open, Batches batches, Retries retries, Runs runs, Ledger ledger, Indexers indexers) {
        this.open = open;
        this.batches = batches;
        this.retries = retries;
        this.runs = runs;
        this.ledger = ledger;
        this.indexers = indexers;
    }

    /** {@code StartedRuns} of the contract. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record StartedRuns(String batchId, List<String> runs, List<String> skipped) {}

    /**
     * The indexers that a request names; if it names none, all that the settings enable.
     *
     * @param request {@code StartRuns} of the contract
     * @throws RequestRefused when an indexer is unknown or not enabled, or when the application is stopping
     */
    public List<String> asked(JsonNode request) {
        checkNotStopping();
        List<String> known = indexers.all().stream().map(Indexer::name).toList();
        List<String> allowed = batches.allowed();
        if (request.path("indexers").isEmpty()) {
            return allowed;
        }
        List<String> asked = new ArrayList<>();
        for (JsonNode each : request.path("indexers")) {
            String name = each.asText();
            String field = "/indexers/" + asked.size();
            if (!known.contains(name)) {
                throw new RequestRefused(Kind.INVALID, indexers.unknown(name), field);
            }
            if (!allowed.contains(name)) {
                throw new RequestRefused(
                        Kind.INVALID,
                        "indexer '" + name + "' is not enabled by colleagues.indexing.only; expected one of: "
                                + String.join(", ", allowed),
                        field);
            }
            asked.add(name);
        }
        return asked;
    }

    /** Whether a request asks for everything, changed or not. */
    public boolean isFull(JsonNode request) {
        return request.path("full").asBoolean();
    }

    /**
     * Opens a batch with those of the requested indexers that are not running. It is in the ledger when this returns.
     *
     * @param caller the name of the API key
     * @param isFull whether to read and deliver everything, changed or not
     * @throws RequestRefused when all of them are still running
     */
    public Batch open(List<String> asked, String caller, boolean isFull) {
        Batch batch = batches.openWith(Caller.name(caller), asked, isFull);
        if (batch.runs().isEmpty()) {
            checkNotStopping();
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "all requested indexers are still running: " + String.join(", ", asked)
                            + "; see GET /api/runs?state=running");
        }
        return batch;
    }

    /** The response for a batch that was opened. */
    public StartedRuns answer(Batch batch, List<String> asked) {
        List<String> started = batch.runs().stream().map(Run::indexer).toList();
        return new StartedRuns(
                batch.id(),
                started.stream()
                        .map(indexer -> new RunId(batch.id(), indexer).toString())
                        .toList(),
                asked.stream().filter(indexer -> !started.contains(indexer)).toList());
    }

    /**
     * Reopens a run to retry its failed URLs.
     *
     * @throws RequestRefused when the run is unknown or cannot be retried now
     */
    public Batch retry(String runId) {
        checkNotStopping();
        RunId id = existing(runId);
        try {
            return retries.openRun(id);
        } catch (NotRetriable e) {
            throw new RequestRefused(Kind.CONFLICT, e.getMessage());
        }
    }

    /**
     * Reopens a run to release what it holds, or a batch to remove the people whose removal is held.
     *
     * @throws RequestRefused when the run is unknown, holds nothing, or cannot be reopened now
     */
    public Batch release(String runId) {
        checkNotStopping();
        RunId id = held(runId);
        try {
            return id.isPeople() ? retries.openRemoval(id) : retries.openHeld(id);
        } catch (NotRetriable e) {
            throw new RequestRefused(Kind.CONFLICT, e.getMessage());
        }
    }

    /**
     * Drops the outcomes that a run holds, or lets the people stay whose removal is held.
     *
     * @throws RequestRefused when the run is unknown, holds nothing, or is in progress
     */
    public void reject(String runId) {
        RunId id = held(runId);
        try {
            if (id.isPeople()) {
                retries.rejectRemoval(id);
            } else {
                retries.reject(id);
            }
        } catch (NotRetriable e) {
            throw new RequestRefused(Kind.CONFLICT, e.getMessage());
        }
    }

    /**
     * Cancels a run that has not finished.
     *
     * @param caller the name of the API key
     * @throws RequestRefused when the run is unknown
     */
    public void cancel(String runId, String caller) {
        runs.cancel(existing(runId), Caller.name(caller));
    }

    private RunId existing(String runId) {
        RunId id = RunId.of(runId);
        if (ledger.run(id.batchId(), id.indexer()).isEmpty()) {
            throw id.unknown();
        }
        return id;
    }

    /** A run, or the removal of people after a batch. */
    private RunId held(String runId) {
        RunId id = RunId.of(runId);
        if (!id.isPeople()) {
            return existing(runId);
        }
        if (ledger.batch(id.batchId()).isEmpty()) {
            throw id.unknown();
        }
        return id;
    }

    private void checkNotStopping() {
        if (open.isStopping()) {
            throw new RequestRefused(Kind.UNAVAILABLE, "the application is stopping: try again after it has restarted");
        }
    }
}
