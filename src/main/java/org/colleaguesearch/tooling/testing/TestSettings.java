package org.colleaguesearch.tooling.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.colleaguesearch.ledger.Database;

/** The settings that differ from {@code application.yml} when routes are tested. */
final class TestSettings {
    private TestSettings() {}

    /**
     * The arguments of the application.
     *
     * @param given {@code --key=value}; these override the settings for tests
     * @param folder for all files
     */
    static String[] with(List<String> given, Path folder) {
        Stream<String> others = own(folder).entrySet().stream()
                .filter(own -> given.stream().noneMatch(setting -> setting.startsWith("--" + own.getKey() + "=")))
                .map(own -> "--" + own.getKey() + "=" + own.getValue());
        return Stream.concat(given.stream(), others).toArray(String[]::new);
    }

    private static Map<String, Object> own(Path folder) {
        Map<String, Object> own = new LinkedHashMap<>();
        String name = UUID.randomUUID().toString();
        // A JVM cannot have two schedulers of the same name.
        own.put("camel.main.name", name);
        own.put("colleagues.deliver-to", "opensearch,csv");
        own.put("colleagues.api.base-url", "https://people.example.org");
        own.put("colleagues.opensearch.url", "http://opensearch.test:9200");
        own.put("colleagues.opensearch.alias", "colleagues");
        own.put("colleagues.database.url", Database.inMemory(name));
        own.put("colleagues.csv.folder", folder.resolve("csv"));
        own.put("colleagues.export.folder", folder.resolve("exports"));
        own.put("colleagues.extract.in", folder.resolve("in"));
        own.put("colleagues.extract.out", folder.resolve("out"));
        // Retries happen immediately, and waits are short.
        own.put("colleagues.api.retry.first-delay", "1ms");
        own.put("colleagues.extract.retry.first-delay", "1ms");
        own.put("colleagues.api.probe-every", "10ms");
        own.put("colleagues.api.patience", "500ms");
        own.put("colleagues.opensearch.patience", "1s");
        own.put("camel.main.shutdown-timeout", 1);
        own.put("colleagues.api.calls-per-second", 100_000);
        own.put("colleagues.api.calls-in-flight", 10_000);
        own.put("colleagues.indexing.only", "");
        own.put("colleagues.database.username", "");
        own.put("colleagues.database.password", "");
        own.put("management.tracing.enabled", false);
        own.put("colleagues.routes.live", false);
        // As for a single batch, nothing serves requests.
        own.put("camel.main.routes-exclude-pattern", "**/rest.camel.yaml");
        own.put("camel.health.exclude-pattern", "route:*,consumer:*");
        return own;
    }
}
