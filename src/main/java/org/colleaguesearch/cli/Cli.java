package org.colleaguesearch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.StatusLine;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.tooling.dryrun.DryRun;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.colleaguesearch.tooling.dryrun.SideBySide;
import org.colleaguesearch.tooling.testing.NotStarted;
import org.colleaguesearch.tooling.testing.RouteTests;
import org.colleaguesearch.tooling.testing.UnreadableTest;
import org.colleaguesearch.web.NewKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands. Each returns an exit code. */
@Command(
        name = "colleague-search",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class,
        subcommands = GenerateCompletion.class,
        description = "Collects what many APIs know of people into one OpenSearch index and CSV files.%n"
                + "Without a command, it runs as a service.%n",
        footer = {
            "",
            "--<key>=<value>, anywhere on the command line, is one of the settings of application.yml, such as",
            "  --colleagues.api.base-url=https://people.example.org",
            "  --colleagues.indexing.only=patents,functions",
            "Settings, routes/ and demo/ are read from the current folder, and FILEs are relative to it."
                    + " bin/colleague-search changes to its own folder first if there is no application.yml here.",
            "",
            "Exit codes:",
            "  0  every outcome was delivered, every check and test passed",
            "  1  some URLs failed (out/csv/<indexer>/<batch>.errors.csv has them), or a check or test did",
            "  2  not done: wrong usage or settings, or something that is needed is not available"
        })
public final class Cli implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

    /** Exit code of wrong usage, of a start that failed, and of a batch that could not be done. */
    private static final int NOT_DONE = 2;

    /** No exit code: the service is running. */
    private static final int RUNNING = -1;

    private static final int WIDTH_WITHOUT_TERMINAL = 120;
    private static final Pattern SETTING = Pattern.compile("--[\\w.\\[\\]-]+=[\\s\\S]*");

    private final List<String> settings = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private Cli() {}

    /** Ends the JVM with the exit code of the command, unless it is the service. */
    public static void main(String[] arguments) {
        // Until settings are read, Spring would log what is printed here.
        LoggingSystem.get(ColleagueSearch.class.getClassLoader()).beforeInitialize();
        int exitCode = execute(arguments);
        if (exitCode != RUNNING) {
            System.exit(exitCode);
        }
    }

    /** Runs a command and returns its exit code. */
    static int execute(String... arguments) {
        Cli cli = new Cli();
        CommandLine line = new CommandLine(cli)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(WIDTH_WITHOUT_TERMINAL)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, given) -> refuse(wrong))
                .setExecutionExceptionHandler((failure, command, parsed) ->
                        fail(command.getCommandSpec().qualifiedName(" "), failure));
        return line.execute(cli.words(line, arguments));
    }

    /** What is left for picocli without the settings, with the flags of former versions, such as --once, as commands. */
    private String[] words(CommandLine line, String... arguments) {
        List<String> options = line.getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream())
                .toList();
        Deque<String> words = new ArrayDeque<>();
        for (String argument : arguments) {
            String[] option = argument.split("=", 2);
            if (option[0].startsWith("--") && line.getSubcommands().containsKey(option[0].substring(2))) {
                Stream.of(option).skip(1).forEach(words::add);
                words.addFirst(option[0].substring(2));
            } else if (SETTING.matcher(argument).matches() && !options.contains(option[0])) {
                settings.add(argument);
            } else {
                words.add(argument);
            }
        }
        return words.toArray(String[]::new);
    }

    private static int refuse(ParameterException wrong) {
        List<String> similar =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        System.err.println(Problem.printable(wrong.getMessage()
                + (similar.isEmpty() ? "" : "; did you mean '" + similar.get(0) + "'?")
                + "; see " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help"));
        return NOT_DONE;
    }

    private static int fail(String what, Exception failure) {
        System.err.println(what + ": " + ApiFailures.reason(failure));
        LOG.debug("{} failed", what, failure);
        return NOT_DONE;
    }

    @Override
    public Integer call() {
        return serve();
    }

    @Command(description = "Run as a service: a batch whenever colleagues.schedule is due, and the API on server.port.")
    int serve() {
        return start(LaunchMode.SERVICE, context -> RUNNING);
    }

    @Command(description = "Run one batch and exit; a batch that was cut off is continued instead.")
    int once() {
        return batches(routes -> {
            List<?> continued = routes.requestBody("direct:resume", "--once", List.class);
            return continued.isEmpty()
                    ? Stream.of(routes.requestBody("direct:index-all", "--once", Batch.class))
                    : continued.stream().map(Batch.class::cast);
        });
    }

    @Command(name = "retry-errors", description = "Call the failed URLs of a batch again, and exit.")
    int retryErrors(
            @Parameters(
                            paramLabel = "BATCH",
                            description = "Its id, such as 20261123T020000000Z: the name of its CSV files.")
                    String batch) {
        if (!batch.matches("\\d{8}T\\d{9}Z")) {
            throw wrongUsage("'" + batch + "' is not the id of a batch, such as 20261123T020000000Z");
        }
        return batches(routes -> Stream.of(routes.requestBody("direct:retry-errors", batch, Batch.class)));
    }

    @Command(
            name = "dry-run",
            description = "Fetch a few people for real, and show each answer and what would be written; write nothing.")
    int dryRun(
            @Parameters(paramLabel = "INDEXER", description = "Its name, such as patents.") String indexer,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "" + DryRun.FEW,
                            description = "How many people, 1 to " + DryRun.MOST + "; default: ${DEFAULT-VALUE}.")
                    int limit) {
        if (limit < 1 || limit > DryRun.MOST) {
            throw wrongUsage("--limit is " + limit + ": it takes 1 to " + DryRun.MOST);
        }
        return start(LaunchMode.DRY_RUN, context -> {
            try {
                DryRun dryRun = context.getBean(DryRuns.class).of(indexer, limit);
                DryRunReport report = context.getBean(ProducerTemplate.class)
                        .requestBody("direct:dry-run", dryRun, DryRunReport.class);
                // A reader at a terminal sees the beginning of long answers; a file or another program gets all.
                new SideBySide(
                                spec.usageMessage().width(),
                                StatusLine.isTerminal() ? SideBySide.FEW_LINES : SideBySide.ALL_LINES)
                        .print(report, System.out);
                return report.failed() == 0 ? 0 : 1;
            } catch (RuntimeException e) {
                return fail("colleague-search dry-run", e);
            }
        });
    }

    @Command(
            description = {
                "Say what is wrong with the settings and route files.",
                "No route is started, but the beans that the files declare are made."
            })
    int check(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..*",
                            description =
                                    "Route files, folders of them and the .jq files they use. Default: everything.")
                    List<Path> files) {
        requireSettings();
        try {
            return new Check(settings).run(files == null ? List.of() : files);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e.getMessage());
        }
    }

    @Command(description = "Run the tests of routes, without touching anything outside.")
    int test(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..*",
                            description = "Test files or folders of them. Default: routes/**/*.test.yaml.")
                    List<Path> files) {
        requireSettings();
        try {
            return RouteTests.report(files == null ? List.of() : files, settings, System.out) ? 0 : 1;
        } catch (UnreadableTest e) {
            System.err.println(e.getMessage());
            return NOT_DONE;
        } catch (NotStarted e) {
            // StartProblems has said why.
            LOG.debug("the tests could not be run", e);
            return NOT_DONE;
        }
    }

    @Command(
            name = "make-key",
            description = "Make a key for the API. Print it, and the lines of application.yml that accept it.")
    int makeKey(
            @Parameters(paramLabel = "NAME", description = "Up to 64 letters, digits, - and _.") String name,
            @Option(
                            names = "--scopes",
                            paramLabel = "SCOPE",
                            split = ",",
                            required = true,
                            description = "Some of search,export,operate.")
                    Set<Scope> scopes) {
        if (!name.matches(Settings.Key.NAME)) {
            throw wrongUsage("'" + name + "' is not a name of up to 64 letters, digits, - and _");
        }
        NewKey key = NewKey.make(name, scopes);
        System.out.printf("""
                The key, which is shown this once:

                  X-API-Key: %s

                Add this to application.yml to accept it:

                %s%n""", key.text(), key.settings());
        return 0;
    }

    private int batches(Function<ProducerTemplate, Stream<Batch>> work) {
        return start(LaunchMode.BATCH, context -> {
            try {
                return work.apply(context.getBean(ProducerTemplate.class))
                        .mapToInt(Batch::exitCode)
                        .max()
                        .orElse(NOT_DONE);
            } catch (RuntimeException e) {
                LOG.error("the batch could not be done: {}", ApiFailures.reason(e));
                LOG.debug("the batch could not be done", e);
                return NOT_DONE;
            }
        });
    }

    /** Starts the application, and ends it after the work, unless it is the service. */
    private int start(LaunchMode mode, ToIntFunction<ConfigurableApplicationContext> work) {
        requireSettings();
        ConfigurableApplicationContext context;
        try {
            context = mode.application(settings).run(settings.toArray(String[]::new));
        } catch (RuntimeException e) {
            // StartProblems has said why.
            return NOT_DONE;
        }
        int exitCode = work.applyAsInt(context);
        return exitCode == RUNNING ? RUNNING : SpringApplication.exit(context, () -> exitCode);
    }

    private void requireSettings() {
        if (!Files.exists(Path.of("application.yml"))
                && settings.stream().noneMatch(setting -> setting.startsWith("--spring.config."))) {
            throw wrongUsage("there is no application.yml in " + Path.of("").toAbsolutePath()
                    + "; change to the folder that has it");
        }
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Of the build. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            Properties build = new Properties();
            try (InputStream file = Cli.class.getResourceAsStream("/META-INF/build-info.properties")) {
                if (file != null) {
                    build.load(file);
                }
            }
            return new String[] {"Colleague Search " + build.getProperty("build.version", "(not packaged)")};
        }
    }
}
