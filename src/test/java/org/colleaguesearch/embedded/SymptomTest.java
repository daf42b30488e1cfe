package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalInt;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class SymptomTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory failed; error='Cannot allocate memory' | heap=512MB: this machine
            Error: Could not reserve enough space for object heap | heap=512MB: this machine
            Error occurred during initialization of VM: Too small maximum heap | heap=512MB: too small
            fatal error in thread [main], exiting java.lang.OutOfMemoryError: Java heap space | heap=512MB: too small
            org.opensearch.http.BindHttpException: Failed to bind; java.net.BindException: Address already in use | port=9200: the port is in use
            java.io.IOException: No space left on device | /data: the disk is full
            java.lang.IllegalStateException: failed to obtain node locks, tried [[/data]] with lock id [0] | /data: another OpenSearch
            java.lang.IllegalStateException: cannot downgrade a node from version [3.9.0] to version [3.6.0] | /data: this OpenSearch cannot read
            org.apache.lucene.index.CorruptIndexException: codec footer mismatch | /data: this OpenSearch cannot read
            Caused by: java.nio.file.AccessDeniedException: /data/nodes | /data: OpenSearch has no permission
            the minimum required Java version is 21; your Java version from [/jdk] does not meet this requirement | OpenSearch needs Java 21
            """)
    void namesTheSettingAndTheRemedy(String logged, String expected) throws IOException {
        assertThat(Symptom.explain(settings(), log(logged), 1))
                .contains(expected)
                .contains("opensearch.log")
                .hasLineCount(1);
    }

    @Test
    void blamesTheHeapForAKill() throws IOException {
        assertThat(Symptom.explain(settings(), log("starting ..."), 137))
                .startsWith("colleagues.opensearch.embedded.heap=512MB: this machine ");
    }

    @Test
    void givesTheExitCodeAndRootCauseOfAnUnknownFailure() throws IOException {
        ChildLog log = log("""
                [2026-01-01T00:00:00,000][INFO ][o.o.n.Node               ] [embedded] starting ...
                uncaught exception in thread [main]
                java.lang.IllegalArgumentException: unknown setting [a.b]
                Likely root cause: java.lang.IllegalArgumentException: unknown setting [a.b]
                \tat org.opensearch.Settings.check(Settings.java:1)
                For complete error details, refer to the log at /data/x.log
                """);
        assertThat(Symptom.explain(settings(), log, 64))
                .startsWith("OpenSearch exited with code 64: "
                        + "Likely root cause: java.lang.IllegalArgumentException: unknown setting [a.b] (");
    }

    @Test
    void readsOnlyTheLogOfTheCurrentStart() throws IOException {
        log("Address already in use");
        assertThat(Symptom.explain(settings(), log(""), 1))
                .startsWith("OpenSearch exited with code 1: the log is empty");
    }

    @Test
    void findsThePortThatOpenSearchChose() throws IOException {
        assertThat(log("[2026-01-01][INFO ][o.o.t.TransportService   ] [embedded] publish_address {127.0.0.1:1111}")
                        .port())
                .isEmpty();
        assertThat(log("[2026-01-01][INFO ][o.o.h.AbstractHttpServerTransport] [embedded] publish_address"
                                + " {127.0.0.1:2222}, bound_addresses {127.0.0.1:2222}")
                        .port())
                .hasValue(2222);
    }

    @Test
    void saysWhetherASlowStartIsListening() throws IOException {
        ChildLog log = log("[2026-01-01][INFO ][o.o.n.Node  ] [embedded] starting ...");
        assertThat(Symptom.tooSlow(settings(), log, OptionalInt.empty()))
                .contains("start-timeout=60000ms: OpenSearch was not ready")
                .contains("starting ...");
        assertThat(Symptom.tooSlow(settings(), log, OptionalInt.of(9200)))
                .contains("port 9200")
                .contains("embedded.data");
    }

    /** A log to which the current start has appended these lines. */
    private ChildLog log(String lines) throws IOException {
        ChildLog log = ChildLog.open(folder.resolve("opensearch.log"));
        Files.writeString(log.file(), lines + "\n", StandardOpenOption.APPEND);
        return log;
    }

    private Settings.Embedded settings() {
        return new Settings.Embedded(
                null,
                9200,
                DataSize.ofMegabytes(512),
                Path.of("/data"),
                folder.resolve("opensearch.log"),
                Duration.ofMinutes(1));
    }
}
