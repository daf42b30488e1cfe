package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.colleaguesearch.ledger.BatchEntry;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** A real PostgreSQL that is stopped while a batch runs. */
@Timeout(600)
class DatabaseOutageIT {
    private static final int PEOPLE = 20;
    /** Person i has i mod 4 patents. */
    private static final int ROWS = 30;

    @TempDir
    Path folder;

    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private int port;
    private EmbeddedPostgres database;

    @BeforeEach
    void begin() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        startDatabase();
    }

    @AfterEach
    void end() throws IOException {
        goOn.countDown();
        database.close();
    }

    @Test
    void waitsInMidBatchAndKeepsAnsweringProbes(CapturedOutput output) throws Exception {
        try (FaultyApi api = api();
                App app = app(api, "10m")) {
            CompletableFuture<Batch> batch = CompletableFuture.supplyAsync(() -> app.runBatch("test"));
            called.await();
            database.close();
            await().until(() -> "DOWN".equals(db(app).at("/status").textValue()));
            goOn.countDown();
            await().until(() -> output.getOut().contains("the database is unavailable"));
            assertThat(readiness(app)).isEqualTo(503);
            startDatabase();

            assertThat(batch.get().exitCode()).isZero();
            assertThat(App.rows(folder, "patents")).hasSize(ROWS);
            await().until(() -> readiness(app) == 200);
            assertThat(output.getOut().lines().filter(line -> line.contains(" is unavailable: ")))
                    .hasSize(1);
            assertThat(output.getOut()).doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void freesTheIndexersInALongOutageAndContinuesTheBatchAfterwards(CapturedOutput output) throws Exception {
        try (FaultyApi api = api();
                App app = app(api, "1s")) {
            CompletableFuture<Batch> batch = CompletableFuture.supplyAsync(() -> app.runBatch("test"));
            called.await();
            database.close();
            goOn.countDown();

            Batch paused = batch.get();
            assertThat(paused.exitCode()).isEqualTo(2);
            assertThat(paused.failure()).contains("the database");
            startDatabase();

            await().ignoreExceptions().until(() -> newest(app).state() == State.COMPLETED);
            assertThat(newest(app).id()).isEqualTo(paused.id());
            assertThat(App.rows(folder, "patents")).hasSize(ROWS);
            // The indexer becomes free shortly after its batch has completed.
            await().until(() -> app.runBatch("next").exitCode() == 0);
            assertThat(output.getOut()).doesNotContain("\tat ");
        }
    }

    /** An API whose last call waits for the test. */
    private FaultyApi api() throws IOException {
        return new FaultyApi(SamplePeople.madeUp(PEOPLE))
                .always(FaultyApi.path("p" + (PEOPLE - 1), "patents"), good -> connection -> {
                    called.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    good.send(connection);
                });
    }

    private App app(FaultyApi api, String patience) {
        return App.service(
                folder,
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.indexing.only=patents",
                "--colleagues.indexing.batch-size=5",
                "--colleagues.database.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--colleagues.database.username=postgres",
                "--colleagues.database.patience=" + patience);
    }

    private void startDatabase() throws IOException {
        database = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("postgresql"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static BatchEntry newest(App app) {
        return app.bean(Ledger.class).newest().orElseThrow();
    }

    private static JsonNode db(App app) throws Exception {
        return new ObjectMapper().readTree(get(app, "/health").body()).at("/components/db");
    }

    private static int readiness(App app) throws Exception {
        return get(app, "/health/readiness").statusCode();
    }

    private static HttpResponse<String> get(App app, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.managementPort() + "/actuator" + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
