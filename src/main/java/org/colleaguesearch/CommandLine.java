package org.colleaguesearch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the command line asks for.
 *
 * @param isOnce whether to exit after one batch
 * @param retry the id of the batch whose failed URLs are to be called again, or null
 * @param isValid whether it can be understood
 * @param answer a text to print in place of a start, or null
 * @param settings the arguments that are settings, {@code --key=value}
 */
record CommandLine(boolean isOnce, String retry, boolean isValid, String answer, List<String> settings) {
    private static final String RETRY = "--retry-errors";
    private static final String PORT = "--server.port=";
    private static final String BATCH_ID = "\\d{8}T\\d{9}Z";

    private static final String HELP = """
            Colleague Search: collects what many APIs know of people into OpenSearch and CSV files.

            java -jar colleague-search.jar             runs as a service: a batch whenever colleagues.schedule says so,
                                                       and an API on server.port
            java -jar colleague-search.jar --once      runs one batch and exits with
                                                         0  every outcome was delivered
                                                         1  some URLs failed: see out/csv/<indexer>/<batch>.errors.csv
                                                         2  the batch could not be done
                                                       a batch that a crash or a stop cut off is continued instead
            java -jar colleague-search.jar --retry-errors BATCH
                                                       calls the failed URLs of a batch again, and exits likewise
            java -jar colleague-search.jar --make-key NAME --scopes search,export,operate
                                                       makes a key for the API, prints it, and what to put into
                                                       application.yml to let it in
            java -jar colleague-search.jar --help      prints this

            --<key>=<value> sets one of the settings of application.yml, for example
              --colleagues.api.base-url=https://people.example.org
              --colleagues.opensearch.url=https://search.example.org:9200
              --colleagues.indexing.only=patents,functions
            Settings, routes/ and demo/ are read from the folder it is started in. See README.md.""";

    static CommandLine of(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            return new CommandLine(false, null, true, HELP, List.of());
        }
        if (Arrays.stream(arguments).anyMatch(argument -> argument.matches(MakeKey.COMMAND + "(=.*)?"))) {
            return MakeKey.answer(arguments);
        }
        List<String> settings = new ArrayList<>();
        boolean once = false;
        String retry = null;
        Iterator<String> words = Arrays.stream(arguments)
                .flatMap(argument -> argument.startsWith(RETRY + "=")
                        ? Stream.of(RETRY, argument.substring(RETRY.length() + 1))
                        : Stream.of(argument))
                .iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--once")) {
                once = true;
            } else if (word.equals(RETRY)) {
                retry = words.hasNext() ? words.next() : "";
                if (!retry.matches(BATCH_ID)) {
                    return invalid(RETRY + " takes the id of a batch, such as 20261123T020000000Z: the name of its CSV"
                            + " files, and in the log");
                }
            } else if (word.matches("--[\\w.\\[\\]-]+=[\\s\\S]*")) {
                settings.add(word);
            } else {
                return invalid(
                        ("unknown argument %s; known are --once, --retry-errors BATCH, --make-key NAME, --help and"
                                        + " --<key>=<value>")
                                .formatted(word));
            }
        }
        if (!Files.exists(Path.of("application.yml"))
                && settings.stream().noneMatch(setting -> setting.startsWith("--spring.config."))) {
            return invalid("cannot start: there is no application.yml in %s; start it in the folder that has it"
                    .formatted(Path.of("").toAbsolutePath()));
        }
        return new CommandLine(once || retry != null, retry, true, null, settings);
    }

    static CommandLine invalid(String answer) {
        return new CommandLine(false, null, false, answer, List.of());
    }

    /** What Spring gets. Whatever the settings say, one batch opens no port for the API. */
    String[] arguments() {
        return (isOnce
                        ? Stream.concat(
                                settings.stream().filter(setting -> !setting.startsWith(PORT)), Stream.of(PORT + "-1"))
                        : settings.stream())
                .toArray(String[]::new);
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
                        "schedule,run-at-start,continue-exports,extract-queries",
                        "camel.main.routes-exclude-pattern",
                        "**/rest.camel.yaml",
                        // Routes that are not to run would else be taken for ill.
                        "camel.health.exclude-pattern",
                        "route:*,consumer:*")
                : Map.of();
    }
}
