package org.colleaguesearch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the command line asks for.
 *
 * @param operands the words that the command is about
 * @param options of the command, with their values
 * @param settings the arguments that are settings, {@code --key=value}
 */
public record CommandLine(Command command, List<String> operands, Map<String, String> options, List<String> settings) {
    static final String HELP = """
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
            java -jar colleague-search.jar --dry-run INDEXER --limit 5
                                                       fetches a few people for real, and shows for each the answer and
                                                       what would be written; nothing is. Exits likewise
            java -jar colleague-search.jar --make-key NAME --scopes search,export,operate
                                                       makes a key for the API, prints it, and what to put into
                                                       application.yml to let it in
            java -jar colleague-search.jar --check [FILE…]
                                                       says what is wrong with the settings and the route files, or with
                                                       these route files, folders or .jq files only. Starts no route,
                                                       but makes the beans that the files declare. Exits with
                                                         0  nothing is wrong
                                                         1  something is
            java -jar colleague-search.jar --test [FILE…]
                                                       runs the tests of routes, routes/**/*.test.yaml or those named,
                                                       without touching anything outside, and exits with
                                                         0  all are as they should be
                                                         1  some are not
                                                         2  they could not be run
            java -jar colleague-search.jar --help      prints this

            --<key>=<value> sets one of the settings of application.yml, for example
              --colleagues.api.base-url=https://people.example.org
              --colleagues.opensearch.url=https://search.example.org:9200
              --colleagues.indexing.only=patents,functions
            Settings, routes/ and demo/ are read from the folder it is started in. See README.md.""";

    private static final String EXCLUDED = "camel.main.routes-exclude-pattern";

    /** Of editors. */
    private static final String HIDDEN = "**/.*";

    private static final String PORT = "server.port";
    private static final String BATCH_ID = "\\d{8}T\\d{9}Z";

    /**
     * Reads a command line.
     *
     * @throws WrongUsage when it cannot be understood
     */
    public static CommandLine of(String... arguments) {
        List<String> words =
                Arrays.stream(arguments).flatMap(CommandLine::words).toList();
        List<Command> commands = Command.in(words);
        if (commands.contains(Command.HELP)) {
            return new CommandLine(Command.HELP, List.of(), Map.of(), List.of());
        }
        if (commands.size() > 1) {
            throw new WrongUsage("give one of " + commands.get(0).word() + " and "
                    + commands.get(1).word() + ", not both");
        }
        CommandLine read = read(commands.isEmpty() ? Command.SERVICE : commands.get(0), words.iterator());
        if (read.command == Command.RETRY_ERRORS && !read.operand().matches(BATCH_ID)) {
            throw new WrongUsage(
                    "--retry-errors takes the id of a batch, such as 20261123T020000000Z: the name of its CSV"
                            + " files, and in the log");
        }
        if (read.command == Command.DRY_RUN) {
            DryRunCommand.check(read);
        }
        if (read.command.isOfFolder()
                && !Files.exists(Path.of("application.yml"))
                && read.settings.stream().noneMatch(setting -> setting.startsWith("--spring.config."))) {
            throw new WrongUsage("cannot start: there is no application.yml in %s; start it in the folder that has it"
                    .formatted(Path.of("").toAbsolutePath()));
        }
        return read;
    }

    private static CommandLine read(Command command, Iterator<String> words) {
        List<String> operands = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        List<String> settings = new ArrayList<>();
        while (words.hasNext()) {
            String word = words.next();
            if (command.has(word)) {
                options.put(word, words.hasNext() ? words.next() : "");
            } else if (word.matches("--[\\w.\\[\\]-]+=[\\s\\S]*")) {
                settings.add(word);
            } else if (!word.equals(command.word()) || command == Command.SERVICE) {
                if (word.startsWith("-") || operands.size() == command.most()) {
                    throw new WrongUsage(
                            "unknown argument %s; known are %s and --<key>=<value>".formatted(word, Command.known()));
                }
                operands.add(word);
            }
        }
        return new CommandLine(command, operands, options, settings);
    }

    /** {@code --limit=5} is {@code --limit 5}, where that is none of the settings. */
    private static Stream<String> words(String argument) {
        int end = argument.indexOf('=');
        return end > 0 && Command.isFollowed(argument.substring(0, end))
                ? Stream.of(argument.substring(0, end), argument.substring(end + 1))
                : Stream.of(argument);
    }

    /** The first word that the command is about, or an empty text. */
    String operand() {
        return operands.isEmpty() ? "" : operands.get(0);
    }

    /** What Spring gets. */
    public String[] arguments() {
        Map<String, String> fixed = fixed();
        return Stream.concat(
                        settings.stream()
                                .filter(setting -> fixed.keySet().stream().noneMatch(key -> names(setting, key))),
                        fixed.entrySet().stream().map(entry -> "--" + entry.getKey() + "=" + entry.getValue()))
                .toArray(String[]::new);
    }

    /** Settings that follow from the way it is run, whatever the user's say. */
    private Map<String, String> fixed() {
        return switch (command) {
            case DRY_RUN -> DryRunCommand.SETTINGS;
            case ONCE, RETRY_ERRORS -> Map.of(PORT, "-1");
            default -> Map.of();
        };
    }

    /** Spring takes fooBar for foo-bar. */
    private static boolean names(String setting, String key) {
        return setting.substring(2, setting.indexOf('=')).replace("-", "").equalsIgnoreCase(key.replace("-", ""));
    }

    /**
     * Whether the management port is opened. Not for one batch, unless its command line gives a port: two batches, or
     * one beside the service, would want the same. Never for a dry run.
     */
    boolean listens() {
        return !command.isBatch()
                || (command != Command.DRY_RUN
                        && settings.stream().anyMatch(setting -> setting.startsWith("--management.server.port=")));
    }

    /** Settings that follow from the way it is run; the user's own go before them. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        // What Camel says in a page, if it does not start, is said in a line by whoever has started it.
        properties.put("logging.level.org.apache.camel.impl.engine.AbstractCamelContext", "off");
        properties.put(EXCLUDED, HIDDEN);
        if (command.isBatch()) {
            properties.put(
                    "camel.main.auto-startup-exclude-pattern",
                    "schedule,run-at-start,recover,continue-exports,extract-queries");
            properties.put(EXCLUDED, HIDDEN + ",**/rest.camel.yaml");
            properties.put("colleagues.routes.live", false);
            // Routes that are not to run would else be taken for ill.
            properties.put("camel.health.exclude-pattern", "route:*,consumer:*");
        }
        return properties;
    }
}
