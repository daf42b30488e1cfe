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

/** What someone asks of runs by the API: to start, cancel or retry them. Stateless. */
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
     * The indexers that a request asks for: if it names none, all that the settings let run.
     *
     * @param request {@code StartRuns} of the contract
     * @throws RequestRefused when it names one that there is not, or that the settings do not let run; or when the
     *     application stops
     */
    public List<String> asked(JsonNode request) {
        checkGoesOn();
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
                        "the indexer " + name + " is not among those that colleagues.indexing.only lets run: "
                                + String.join(", ", allowed),
                        field);
            }
            asked.add(name);
        }
        return asked;
    }

    /**
     * Opens a batch with those of some indexers that do not run yet. The ledger has it when this returns.
     *
     * @param caller the name of the API key
     * @throws RequestRefused when each of them still runs
     */
    public Batch open(List<String> asked, String caller) {
        Batch batch = batches.openWith(Caller.name(caller), asked);
        if (batch.runs().isEmpty()) {
            checkGoesOn();
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "each of the indexers still runs: " + String.join(", ", asked)
                            + "; see GET /api/runs?state=running");
        }
        return batch;
    }

    /** What to answer about a batch that was opened. */
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
     * Opens a run again for its failed URLs.
     *
     * @throws RequestRefused when there is no such run, or they cannot be called again now
     */
    public Batch retry(String runId) {
        checkGoesOn();
        RunId id = existing(runId);
        try {
            return retries.openRun(id);
        } catch (NotRetriable e) {
            throw new RequestRefused(Kind.CONFLICT, e.getMessage());
        }
    }

    /**
     * Cancels a run that has not ended.
     *
     * @param caller the name of the API key
     * @throws RequestRefused when there is no such run
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

    private void checkGoesOn() {
        if (open.isStopping()) {
            throw new RequestRefused(Kind.UNAVAILABLE, "the application is stopping: ask again when it has started");
        }
    }
}
