package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are started and cancelled through the API, with a real but slow people API. */
@Timeout(600)
class CancelRunIT {
    private static final int PEOPLE = 400;
    /** The URLs of chunks in flight or about to start, which finish after a cancel. */
    private static final int IN_FLIGHT = 9 * 10;

    @TempDir
    Path folder;

    @Test
    void cancelFinishesChunksInFlightStartsNoMoreAndLeavesOtherRunsAlone() throws IOException {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(PEOPLE)).after(Duration.ofMillis(50))) {
            String batch;
            try (App app = App.start(folder, arguments(api))) {
                JsonNode started = app.call(
                        "start-runs", "{\"indexers\":[\"patents\",\"functions\"]}", Map.of("X-API-Caller", "ops"));
                batch = started.path("batch_id").asText();
                assertThat(started.path("runs")).hasSize(2);
                await().until(() -> run(app, batch, "patents").path("urls").asInt() > 0);

                JsonNode cancelled = app.call("cancel-run", null, Map.of("run_id", batch + "-patents"));
                int done = cancelled.path("urls").asInt();

                assertThat(cancelled.path("state").asText()).isEqualTo("cancelled");
                assertThat(cancelled.path("people").asInt()).isEqualTo(PEOPLE);
                await().until(() ->
                        run(app, batch, "functions").path("state").asText().equals("completed"));
                JsonNode patents = run(app, batch, "patents");
                assertThat(patents.path("state").asText()).isEqualTo("cancelled");
                assertThat(patents.path("urls").asInt())
                        .isBetween(done, done + IN_FLIGHT)
                        .isLessThan(PEOPLE);
                assertThat(calls(api, "patents")).isEqualTo(patents.path("urls").asInt());
                assertThat(calls(api, "functions")).isEqualTo(PEOPLE);
                assertThat(App.rows(folder, "functions")).isNotEmpty();
                await().untilAsserted(() ->
                        assertThat(App.files(folder.resolve("csv/patents"))).isEmpty());
            }

            try (App app = App.start(folder, arguments(api))) {
                long calls = calls(api, "patents");
                JsonNode next = app.call("start-runs", "{\"indexers\":[\"geography\"]}", Map.of());
                await().until(() -> states(app).stream().noneMatch(state -> state.matches("not started|running")));

                assertThat(next.path("skipped")).isEmpty();
                assertThat(states(app)).containsExactlyInAnyOrder("completed", "completed", "cancelled");
                assertThat(calls(api, "patents")).isEqualTo(calls);
            }
        }
    }

    private static JsonNode run(App app, String batch, String indexer) throws IOException {
        return app.call("get-run", null, Map.of("run_id", batch + "-" + indexer));
    }

    private static List<String> states(App app) throws IOException {
        return StreamSupport.stream(
                        app.call("list-runs", null, Map.of()).path("runs").spliterator(), false)
                .map(run -> run.path("state").asText())
                .toList();
    }

    private static long calls(FaultyApi api, String section) {
        return api.calls().keySet().stream()
                .filter(path -> path.endsWith("/" + section))
                .count();
    }

    private static String[] arguments(FaultyApi api) {
        return new String[] {"--colleagues.apis.default.base-url=" + api.url(), "--colleagues.indexing.batch-size=10"};
    }
}
