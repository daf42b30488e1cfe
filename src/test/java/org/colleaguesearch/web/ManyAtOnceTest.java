package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Searches that wait hold no thread of the operating system, and nobody up. */
class ManyAtOnceTest {
    private static final int MANY = 2_000;

    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.SHARED;

    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    @Timeout(120)
    void twoThousandSearchesAreHeldOpenByFewThreads() throws Exception {
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MANY);
        try (ExecutorService servers = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            holdOpen(slow, servers, clients);
        } finally {
            Echo.hold = exchange -> {};
            slow.stop(0);
        }
    }

    private void holdOpen(HttpServer slow, ExecutorService servers, ExecutorService clients) throws Exception {
        try {
            ProducerTemplate calls = APPLICATION.bean(ProducerTemplate.class);
            slow.setExecutor(servers);
            slow.createContext("/", exchange -> {
                held.incrementAndGet();
                awaitGoOn();
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            slow.start();
            String uri = "http:127.0.0.1:" + slow.getAddress().getPort() + "/?connectionsPerRoute=" + MANY
                    + "&maxTotalConnections=" + MANY;
            Echo.hold = exchange -> {
                calls.requestBody(uri, null, String.class);
                exchange.getMessage().setBody("{}");
            };
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                answers.add(clients.submit(this::search));
            }

            await().atMost(Duration.ofSeconds(60)).until(() -> held.get() == MANY);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(100);
            health();
            long before = System.nanoTime();
            health();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(100));

            goOn.countDown();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("HTTP/1.1 200 ");
            }
        } finally {
            goOn.countDown();
        }
    }

    private void awaitGoOn() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String search() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), APPLICATION.port())) {
            socket.getOutputStream()
                    .write(("GET /api/autosuggest?q=hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: "
                                    + EdgeApplication.ALL.text() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void health() throws IOException {
        URI health = URI.create("http://127.0.0.1:" + APPLICATION.managementPort() + "/actuator/health/liveness");
        assertThat(APPLICATION.send(HttpRequest.newBuilder(health)).statusCode())
                .isEqualTo(200);
    }
}
