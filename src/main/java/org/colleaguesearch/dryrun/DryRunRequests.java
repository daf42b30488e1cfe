package org.colleaguesearch.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import org.colleaguesearch.web.ProblemException;
import org.springframework.stereotype.Component;

/** Reads what is asked for by the API. Stateless. */
@Component("dryRunRequests")
class DryRunRequests {
    private final DryRuns dryRuns;

    DryRunRequests(DryRuns dryRuns) {
        this.dryRuns = dryRuns;
    }

    /**
     * The dry run that a request asks for.
     *
     * @param request {@code StartRuns} of the contract
     * @throws ProblemException when it does not name one indexer that there is
     */
    public DryRun read(JsonNode request) {
        JsonNode names = request.path("indexers");
        if (names.size() != 1) {
            throw new ProblemException(422, "a dry run takes one indexer: name it", "/indexers");
        }
        return dryRuns.of(names.get(0).asText(), request.path("limit").asInt(DryRun.FEW));
    }
}
