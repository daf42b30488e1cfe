package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that trickle bytes, each within the read time-out, lose the connection. */
@Timeout(120)
class SlowConnectionsTest {
    private static final int CONNECTIONS = 200;
    private static final int PLACES = 4000;

    /** A minute or longer: ten times as long as any connection may last. */
    private static final int MOST_DROPS = 300;

    @RegisterExtension
    static final EdgeApplication APPLICATION = new EdgeApplication(new Echo())
            .with("colleagues.web.requests-in-flight", PLACES)
            .with("server.tomcat.connection-timeout", "1s")
            .with("server.tomcat.max-connections", CONNECTIONS);

    private static final String KEY = "X-API-Key: " + EdgeApplication.ALL.text() + "\r\n";

    @AfterEach
    void apiStillWorks() {
        await().until(() ->
                APPLICATION.get("/api/autosuggest?q=x", EdgeApplication.OTHER).statusCode() == 200);
        await().until(() -> APPLICATION.bean(InFlight.class).free() == PLACES);
    }

    /** More clients than allowed connections: the last are accepted once the first are closed. */
    @Test
    void closesConnectionsWithSlowHeaders() throws Exception {
        drip(CONNECTIONS + 100, APPLICATION.port(), "GET /api/runs HTTP/1.1\r\nHost: x\r\nX-Slow: ", "x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "\r\n",
                "GET /",
                "GET /api/runs HTTP/1.1\r\nHost: x\r\n",
                // After a completed request.
                "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\nGET /",
            })
    void closesConnectionWhateverTheClientTrickles(String start) throws Exception {
        String drop = start.equals("\r\n") ? "\r\n" : start.endsWith("\n") ? "X: y\r\n" : "x";
        drip(10, APPLICATION.port(), start, drop);
        drip(10, APPLICATION.managementPort(), start, drop);
    }

    @Test
    void closesConnectionsWithSlowBodies() throws Exception {
        String length = "Content-Length: 60000\r\n\r\n{";
        String json = "Content-Type: application/json\r\n";
        List<String> starts = List.of(
                // A body that is read, and unread ones: no key, no such operation, no body expected, another type.
                "POST /api/expertise-search HTTP/1.1\r\nHost: x\r\n" + KEY + json + length,
                "POST /api/expertise-search HTTP/1.1\r\nHost: x\r\n" + json + length,
                "POST /api/nothing HTTP/1.1\r\nHost: x\r\n" + KEY + json + length,
                "GET /api/autosuggest?q=x HTTP/1.1\r\nHost: x\r\n" + KEY + length,
                "POST /api/expertise-search HTTP/1.1\r\nHost: x\r\n" + KEY + length,
                "POST / HTTP/1.1\r\nHost: x\r\n" + length,
                "GET /openapi.json HTTP/1.1\r\nHost: x\r\n" + length);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (String start : starts) {
                ends.add(clients.submit(() -> {
                    drip(5, APPLICATION.port(), start, " ");
                    return null;
                }));
            }
            ends.add(clients.submit(() -> {
                drip(5, APPLICATION.managementPort(), "GET /actuator/health HTTP/1.1\r\nHost: x\r\n" + length, " ");
                return null;
            }));
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    @Test
    void answersRequestInPartsThatIsInTime() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), APPLICATION.port())) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            for (String part : List.of(
                    "GE", "T /api/autosuggest?q=x HTTP/1.1\r\nHo", "st: x\r\n" + KEY, "Connection: close\r\n\r\n")) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200");
        }
    }

    /** Opens connections that send a start and then a drop at intervals, until the server has closed all of them. */
    private static void drip(int connections, int port, String start, String drop) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                ends.add(clients.submit(() -> {
                    dripUntilClosed(port, start, drop);
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
    }

    private static void dripUntilClosed(int port, String start, String drop) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // The pause between two drops.
            socket.setSoTimeout((int) Duration.ofMillis(200).toMillis());
            socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
            for (int drops = 0; isOpen(socket); drops++) {
                assertThat(drops).as("drops after %s", start).isLessThan(MOST_DROPS);
                socket.getOutputStream().write(drop.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException e) {
            // Closed during a write.
        }
    }

    private static boolean isOpen(Socket socket) throws IOException {
        byte[] answer = new byte[8192];
        try {
            while (socket.getInputStream().read(answer) >= 0) {
                // The rest of a response.
            }
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        }
    }
}
