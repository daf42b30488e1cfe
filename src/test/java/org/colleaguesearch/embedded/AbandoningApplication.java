package org.colleaguesearch.embedded;

import java.nio.file.Path;
import java.time.Duration;
import org.colleaguesearch.settings.Settings;
import org.springframework.util.unit.DataSize;

/** An application that starts OpenSearch and waits until a test kills it. */
final class AbandoningApplication {
    private AbandoningApplication() {}

    /** {@code arguments}: home, data folder, log file, and {@code ready} to wait until OpenSearch is ready. */
    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedOpenSearch opensearch =
                new EmbeddedOpenSearch(settings(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])));
        opensearch.start();
        System.out.println("waiting " + ("ready".equals(arguments[3]) ? opensearch.awaitReady() : "not"));
        Thread.currentThread().join();
    }

    static Settings.Embedded settings(Path home, Path data, Path log) {
        return new Settings.Embedded(home, 0, DataSize.ofMegabytes(512), data, log, Duration.ofMinutes(5));
    }
}
