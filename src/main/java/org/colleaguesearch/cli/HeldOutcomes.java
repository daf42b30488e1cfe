package org.colleaguesearch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.settings.Problem;

/** Shows what runs hold, and releases or rejects it, through the routes that the API uses. For one thread. */
record HeldOutcomes(ProducerTemplate routes, PrintStream out) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The largest page of the API. */
    private static final int PAGE = 500;

    /** Lists the runs that hold outcomes, newest first. */
    void list() {
        JsonNode page = call("list-runs", Map.of("state", "completed, held", "size", PAGE));
        for (JsonNode run : page.path("runs")) {
            out.printf(
                    "%s  %s of %s people would lose all %s%n",
                    run.path("id").asText(),
                    run.path("held").asText(),
                    run.path("people").asText(),
                    run.path("indexer").asText());
        }
        long people = listPeople();
        out.println(
                page.path("runs").isEmpty() && people == 0
                        ? "no run holds outcomes"
                        : "see 'held RUN', and then 'held RUN --release' or 'held RUN --reject'");
    }

    /** Only after the newest batch, people can be held. */
    private long listPeople() {
        JsonNode newest = call("list-runs", Map.of("size", 1)).path("runs").path(0);
        if (newest.isMissingNode()) {
            return 0;
        }
        String run = newest.path("batch_id").asText() + "-people";
        long people = call("get-run-held", Map.of("run_id", run, "size", 1))
                .path("total")
                .asLong();
        if (people > 0) {
            out.printf("%s  %d people who are no longer in the list of people would be removed%n", run, people);
        }
        return people;
    }

    /** Shows what a run holds. */
    void show(String run) {
        JsonNode page = call("get-run-held", Map.of("run_id", run, "size", PAGE));
        out.println("run " + run + " holds " + page.path("total").asText() + ":");
        while (!page.path("held").isEmpty()) {
            int last = 0;
            for (JsonNode held : page.path("held")) {
                String items = held.has("items")
                        ? "  items now: " + held.path("items").asText() + ", then: 0"
                        : "  is removed";
                out.println(Problem.printable(held.path("person_id").asText() + "  "
                        + held.path("name").asText("") + items));
                last = held.path("position").asInt();
            }
            page = call("get-run-held", Map.of("run_id", run, "size", PAGE, "after", last));
        }
    }

    /**
     * Delivers what a run holds, or removes the people.
     *
     * @return whether nothing is held any more; if something is, the log says why
     */
    boolean release(String run) {
        routes.requestBody("direct:release-held-run", run);
        long left = call("get-run-held", Map.of("run_id", run, "size", 1))
                .path("total")
                .asLong();
        out.println(left == 0 ? "released: run " + run : "run " + run + " still holds " + left + "; see the log");
        return left == 0;
    }

    /** Drops what a run holds. */
    void reject(String run) {
        call("reject-run-held", Map.of("run_id", run));
        out.println("rejected: what run " + run + " held stays as it is");
    }

    /** A request that is refused has a problem document as its response. */
    private JsonNode call(String route, Map<String, Object> headers) {
        try {
            JsonNode response =
                    JSON.readTree(routes.requestBodyAndHeaders("direct:" + route, null, headers, String.class));
            if (response.path("status").isInt()) {
                throw new RequestRefused(Kind.INVALID, response.path("detail").asText());
            }
            return response;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the response of " + route + " is not JSON", e);
        }
    }
}
