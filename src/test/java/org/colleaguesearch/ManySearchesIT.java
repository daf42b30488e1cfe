package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Waiting searches hold no platform thread and delay no other requests. */
@Isolated("counts the threads of the JVM")
class ManySearchesIT {
    private static final int MANY = 2_000;
    /** The number of searches in flight at OpenSearch; the others wait. */
    private static final int CONNECTIONS = 1_000;

    @TempDir
    Path folder;

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    @Timeout(600)
    void fewThreadsHoldTwoThousandSearchesOfASlowOpenSearch() throws Exception {
        try (ScriptedServer openSearch = new ScriptedServer(this::answer);
                App app = App.service(
                        folder,
                        App.withKey(
                                "--colleagues.deliver-to=opensearch",
                                "--colleagues.opensearch.url=" + openSearch.url(),
                                // Never called. With the demo API, the start would query the index.
                                "--colleagues.apis.default.base-url=" + openSearch.url(),
                                "--colleagues.search.connections=" + CONNECTIONS,
                                "--colleagues.search.timeout=90s",
                                // One key gets half of them.
                                "--colleagues.web.requests-in-flight=" + 3 * MANY));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient operator = HttpClient.newHttpClient()) {
            try {
                List<Future<String>> answers = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    answers.add(clients.submit(() -> search(app.apiPort())));
                }
                await().until(() -> begun.get() == MANY && held.get() == CONNECTIONS);

                assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(100);
                checkLiveness(operator, app);
                long before = System.nanoTime();
                checkLiveness(operator, app);
                // The searches take 90 s.
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));

                goOn.countDown();
                for (Future<String> answer : answers) {
                    assertThat(answer.get()).startsWith("HTTP/1.1 200 ").contains("\"total\":0");
                }
            } finally {
                goOn.countDown();
            }
        }
    }

    private Reply answer(Request request) {
        if (!request.target().contains("/_msearch")) {
            return Replies.found(request);
        }
        held.incrementAndGet();
        return connection -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            String nobody = "{\"hits\":{\"total\":{\"value\":0},\"hits\":[]},\"aggregations\":{}}";
            Replies.json("{\"responses\":[" + nobody + "," + nobody + "]}").send(connection);
        };
    }

    private String search(int port) throws IOException {
        String body = "{\"query\":\"membranes\"}";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("POST /api/expertise-search HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: "
                                    + App.KEY
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            begun.incrementAndGet();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void checkLiveness(HttpClient operator, App app) throws IOException, InterruptedException {
        URI liveness = URI.create("http://127.0.0.1:" + app.managementPort() + "/actuator/health/liveness");
        assertThat(operator.send(HttpRequest.newBuilder(liveness).build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }
}
