package org.colleaguesearch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param answer a text to print in place of a start, or null
 * @param settings the arguments that are settings, {@code --key=value}
 */
record CommandLine(boolean isOnce, boolean isValid, String answer, List<String> settings) {
    private static final String HELP = """
            Colleague Search: collects what many APIs know of people into OpenSearch and CSV files.

            java -jar colleague-search.jar             runs as a service: a batch whenever colleagues.schedule says so
            java -jar colleague-search.jar --once      runs one batch and exits with
                                                         0  every outcome was delivered
                                                         1  some URLs failed: see out/csv/<indexer>/<batch>.errors.csv
                                                         2  the batch could not be done
            java -jar colleague-search.jar --help      prints this

            --<key>=<value> sets one of the settings of application.yml, for example
              --colleagues.api.base-url=https://people.example.org
              --colleagues.opensearch.url=https://search.example.org:9200
              --colleagues.indexing.only=patents,functions
            Settings, routes/ and demo/ are read from the folder it is started in. See README.md.""";

    static CommandLine of(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            return new CommandLine(false, true, HELP, List.of());
        }
        for (String argument : arguments) {
            if (!argument.equals("--once") && !argument.matches("--[\\w.\\[\\]-]+=[\\s\\S]*")) {
                String answer = "unknown argument %s; known are --once, --help and --<key>=<value>".formatted(argument);
                return new CommandLine(false, false, answer, List.of());
            }
        }
        if (!Files.exists(Path.of("application.yml"))
                && Arrays.stream(arguments).noneMatch(argument -> argument.startsWith("--spring.config."))) {
            String answer = "cannot start: there is no application.yml in %s; start it in the folder that has it"
                    .formatted(Path.of("").toAbsolutePath());
            return new CommandLine(false, false, answer, List.of());
        }
        boolean once = Arrays.asList(arguments).contains("--once");
        List<String> settings = Arrays.stream(arguments)
                .filter(argument -> !argument.equals("--once"))
                .toList();
        return new CommandLine(once, true, null, settings);
    }

    /**
     * Whether the management port is opened. Not for one batch, unless its command line gives a port: two batches, or
     * one beside the service, would want the same.
     */
    boolean listens() {
        return !isOnce || settings.stream().anyMatch(setting -> setting.startsWith("--management.server.port="));
    }

    /** Settings that follow from the way it is run; the user's own go before them. */
    Map<String, Object> properties() {
        return isOnce
                ? Map.of(
                        "camel.main.auto-startup-exclude-pattern",
                        "schedule,run-at-start,catch-up",
                        // Routes that are not to run would else be taken for ill.
                        "camel.health.exclude-pattern",
                        "route:*,consumer:*")
                : Map.of();
    }
}
