package org.colleaguesearch.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.StatusLine;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.sweep.IndexerRemoval;
import org.colleaguesearch.tooling.dryrun.DryRun;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.colleaguesearch.tooling.dryrun.SideBySide;
import org.colleaguesearch.tooling.testing.RouteTests;
import org.colleaguesearch.tooling.testing.TestStartFailure;
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
        description = "Collects data about people from many APIs into one OpenSearch index and CSV files.%n"
                + "Runs as a service when no command is given.%n",
        footer = {
            "",
            "--<key>=<value>, anywhere on the command line, overrides a setting of application.yml. Examples:",
            "  --colleagues.apis.default.base-url=https://people.example.org",
            "  --colleagues.indexing.only=patents,functions",
            "Settings, routes/, site/ and demo/ are read from the current folder, and FILE arguments are relative to it."
                    + " bin/colleague-search changes to its own folder first if the current one has no application.yml.",
            "",
            "Exit codes:",
            "  0  every outcome was delivered; every check and test passed",
            "  1  some URLs failed (listed in out/csv/<indexer>/<batch>.errors.csv), or a check or test failed",
            "  2  not run: invalid usage or settings, or a required system is unavailable"
        })
public final class Cli implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

    /** Exit code for invalid usage, a failed start and a batch that could not run. */
    private static final int NOT_DONE = 2;

    /** Not an exit code: the service is still running. */
    private static final int RUNNING = -1;

    private static final int WIDTH_WITHOUT_TERMINAL = 120;
    private static final Pattern SETTING = Pattern.compile("--[\\w.\\[\\]-]+=[\\s\\S]*");

    private final List<String> settings = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private Cli() {}

    /** Exits the JVM with the exit code of the command, unless the command is the service. */
    public static void main(String[] arguments) {
        // Before the settings are read, Spring would log to the console, between the lines printed here.
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

    /** The arguments for picocli: without settings, and with flags of earlier versions, such as --once, as commands. */
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

    @Command(description = "Run as a service: start batches on colleagues.schedule and serve the API on server.port.")
    int serve() {
        return start(LaunchMode.SERVICE, context -> RUNNING);
    }

    @Command(description = "Run one batch and exit. Resumes an interrupted batch instead, if there is one.")
    int once(
            @Option(
                            names = "--full",
                            description = "Read and deliver everything, changed or not. An interrupted batch is resumed"
                                    + " first.")
                    boolean isFull) {
        return batches(routes -> {
            List<?> found = routes.requestBody("direct:resume", "once", List.class);
            List<Batch> resumed = found.stream().map(Batch.class::cast).toList();
            // Those of one that has paused again are left out of the new batch; the other indexers need not wait for
            // them.
            boolean isToStart =
                    isFull || resumed.isEmpty() || resumed.stream().anyMatch(batch -> batch.state() == State.PAUSED);
            return isToStart
                    ? Stream.concat(
                            resumed.stream(),
                            Stream.of(routes.requestBodyAndHeaders(
                                    "direct:index-all",
                                    "once",
                                    Map.of("full", isFull, "resumed", resumed),
                                    Batch.class)))
                    : resumed.stream();
        });
    }

    @Command(name = "retry-errors", description = "Call the failed URLs of a batch again and exit.")
    int retryErrors(
            @Parameters(
                            paramLabel = "BATCH",
                            description = "Batch id, such as 20261123T020000000Z; the CSV files have it as name.")
                    String batch) {
        if (!batch.matches("\\d{8}T\\d{9}Z")) {
            throw wrongUsage("invalid batch id '" + batch + "'; expected an id such as 20261123T020000000Z");
        }
        return batches(routes -> Stream.of(routes.requestBody("direct:retry-errors", batch, Batch.class)));
    }

    @Command(
            description = {
                "Show the outcomes that runs hold, since they would empty sections of suspiciously many people.",
                "With RUN, shows its people; with an option, delivers or drops what it holds."
            })
    int held(
            @Parameters(
                            paramLabel = "RUN",
                            arity = "0..1",
                            description = "Run id, such as 20261123T020000000Z-patents.")
                    String run,
            @Option(names = "--release", description = "Empty the sections, or remove the people.") boolean isRelease,
            @Option(names = "--reject", description = "Leave the sections, or people, as they are.") boolean isReject) {
        if ((isRelease && isReject) || (run == null && (isRelease || isReject))) {
            throw wrongUsage("held takes a RUN with --release or --reject, or neither");
        }
        return start(LaunchMode.MAINTENANCE, context -> {
            ProducerTemplate routes = context.getBean(ProducerTemplate.class);
            HeldOutcomes held = new HeldOutcomes(routes, System.out);
            try {
                if (run == null) {
                    held.list();
                } else if (isReject) {
                    held.reject(run);
                } else if (isRelease) {
                    return held.release(run) ? 0 : NOT_DONE;
                } else {
                    held.show(run);
                }
                return 0;
            } catch (RuntimeException e) {
                return fail("colleague-search held", e);
            }
        });
    }

    @Command(
            name = "dry-run",
            description = "Fetch a few people from the real API and show each response beside the documents and rows"
                    + " that it would become. Writes nothing.")
    int dryRun(
            @Parameters(paramLabel = "INDEXER", description = "Indexer name, such as patents.") String indexer,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "" + DryRun.FEW,
                            description = "Number of people, 1 to " + DryRun.MOST + ". Default: ${DEFAULT-VALUE}.")
                    int limit) {
        if (limit < 1 || limit > DryRun.MOST) {
            throw wrongUsage("invalid --limit " + limit + "; expected 1 to " + DryRun.MOST);
        }
        return start(LaunchMode.DRY_RUN, context -> {
            try {
                DryRun dryRun = context.getBean(DryRuns.class).of(indexer, limit);
                DryRunReport report = context.getBean(ProducerTemplate.class)
                        .requestBody("direct:dry-run", dryRun, DryRunReport.class);
                // A terminal shows the beginning of long responses; a file or pipe gets all of them.
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
                "Report problems in the settings and route files.",
                "Starts no route, but creates the beans that the files declare."
            })
    int check(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..*",
                            description = "Route files, folders of route files and .jq files. Default: everything.")
                    List<Path> files) {
        requireSettings();
        try {
            return new Check(settings).run(files == null ? List.of() : files);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e.getMessage());
        }
    }

    @Command(description = "Run the route tests without touching any external system.")
    int test(
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..*",
                            description = "Test files or folders of test files. Default: all beside the routes.")
                    List<Path> files) {
        requireSettings();
        try {
            return RouteTests.report(files == null ? new Check(settings).tests() : files, settings, System.out) ? 0 : 1;
        } catch (UnreadableTest e) {
            System.err.println(e.getMessage());
            return NOT_DONE;
        } catch (TestStartFailure e) {
            // StartProblems has printed the cause.
            LOG.debug("the tests could not run", e);
            return NOT_DONE;
        }
    }

    @Command(
            name = "remove-indexer",
            description =
                    "Remove what an indexer has left that no route file declares any more: its field in the index, its"
                            + " CSV files and its runs in the ledger. Without --yes, only shows them.")
    int removeIndexer(
            @Parameters(paramLabel = "INDEXER", description = "Name of the removed indexer, such as works.")
                    String indexer,
            @Option(names = "--yes", description = "Remove them. There is no way back.") boolean isConfirmed) {
        return start(LaunchMode.MAINTENANCE, context -> {
            try {
                IndexerRemoval removal = context.getBean(IndexerRemoval.class);
                IndexerRemoval.Remains remains = removal.find(indexer);
                if (remains.isNothing()) {
                    System.out.println("nothing to remove: no field, files or runs of an indexer " + indexer);
                    return 0;
                }
                System.out.println((isConfirmed ? "removing" : "would remove, with --yes:") + "\n" + remains);
                if (isConfirmed) {
                    removal.remove(remains, System.out);
                    System.out.println("removed the indexer " + indexer);
                }
                return 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return fail("colleague-search remove-indexer", e);
            } catch (IOException | RuntimeException e) {
                return fail("colleague-search remove-indexer", e);
            }
        });
    }

    @Command(
            name = "make-key",
            description = "Create an API key. Prints the key and the lines of settings that accept it.")
    int makeKey(
            @Parameters(paramLabel = "NAME", description = "Up to 64 letters, digits, - and _.") String name,
            @Option(
                            names = "--scopes",
                            paramLabel = "SCOPE",
                            split = ",",
                            required = true,
                            description = "One or more of search,export,operate.")
                    Set<Scope> scopes) {
        if (!name.matches(Settings.Key.NAME)) {
            throw wrongUsage("invalid key name '" + name + "'; expected up to 64 letters, digits, - and _");
        }
        NewKey key = NewKey.make(name, scopes);
        System.out.printf("""
                The key, shown only once:

                  X-API-Key: %s

                Add this to site/application.yml to accept it:

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
                LOG.error("the batch could not run: {}", ApiFailures.reason(e));
                LOG.debug("the batch could not run", e);
                return NOT_DONE;
            }
        });
    }

    /** Starts the application, does the work and exits, unless the application is the service. */
    private int start(LaunchMode mode, ToIntFunction<ConfigurableApplicationContext> work) {
        requireSettings();
        ConfigurableApplicationContext context;
        try {
            context = mode.application(settings).run(settings.toArray(String[]::new));
        } catch (RuntimeException e) {
            // StartProblems has printed the cause.
            return NOT_DONE;
        }
        int exitCode = work.applyAsInt(context);
        return exitCode == RUNNING ? RUNNING : SpringApplication.exit(context, () -> exitCode);
    }

    private void requireSettings() {
        if (!Files.exists(Path.of("application.yml"))
                && settings.stream().noneMatch(setting -> setting.startsWith("--spring.config."))) {
            throw wrongUsage("no application.yml in " + Path.of("").toAbsolutePath()
                    + "; change to the folder that contains it");
        }
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The version of the build. */
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
