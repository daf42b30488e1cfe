package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportFailuresTest {
    private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        ExportFailures.logInOneLine();
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
    }

    @Test
    void unreachableCollectorIsOneLine() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint("http://127.0.0.1:" + port + "/v1/traces")
                .setRetryPolicy(null)
                .build()) {
            CompletableResultCode result = exporter.export(List.of()).join(30, TimeUnit.SECONDS);

            assertThat(result.isSuccess()).isFalse();
        }
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.getThrown()).isNull();
            assertThat(line.getMessage()).contains("Failed to export spans", "ConnectException");
        });
    }

    @Test
    void unexpectedFailureKeepsItsStackTrace() {
        IllegalStateException unexpected = new IllegalStateException();

        logger.log(Level.SEVERE, "Failed to export spans", unexpected);

        assertThat(lines).extracting(LogRecord::getThrown).containsExactly(unexpected);
    }
}
