package org.colleaguesearch.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.tooling.check.CheckedStart;
import org.colleaguesearch.tooling.testing.NotStarted;
import org.colleaguesearch.tooling.testing.RouteTests;
import org.colleaguesearch.tooling.testing.UnreadableTest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** Does what a command line asks for. */
public final class Cli {
    private static final Logger LOG = LoggerFactory.getLogger(Cli.class);

    /** Exit code of a start that did not succeed, and of a batch that could not be done. */
    static final int NOT_DONE = 2;

    private Cli() {}

    /** Ends the JVM with the exit code of the command, unless it is the service. */
    public static void main(String[] arguments) {
        try {
            CommandLine line = CommandLine.of(arguments);
            switch (line.command()) {
                case HELP -> System.out.println(CommandLine.HELP);
                case MAKE_KEY -> System.out.println(MakeKey.answer(line));
                case TEST -> System.exit(test(line));
                case CHECK -> {
                    // Spring would say, too, what is said here.
                    LoggingSystem.get(ColleagueSearch.class.getClassLoader()).beforeInitialize();
                    System.exit(Check.run(line));
                }
                case SERVICE -> start(line);
                case ONCE, RETRY_ERRORS -> {
                    ConfigurableApplicationContext context = start(line);
                    int exitCode = runOnce(context, line);
                    System.exit(SpringApplication.exit(context, () -> exitCode));
                }
                case DRY_RUN -> {
                    ConfigurableApplicationContext context = start(line);
                    int exitCode = DryRunCommand.run(context, line, System.out);
                    System.exit(SpringApplication.exit(context, () -> exitCode));
                }
            }
        } catch (WrongUsage e) {
            System.err.println(e.getMessage());
            System.exit(NOT_DONE);
        }
    }

    private static int test(CommandLine line) {
        try {
            List<Path> files = line.operands().stream().map(Path::of).toList();
            return RouteTests.report(files, line.settings(), System.out) ? 0 : 1;
        } catch (UnreadableTest e) {
            System.err.println(e.getMessage());
            return NOT_DONE;
        } catch (NotStarted e) {
            // StartProblems has said why.
            LOG.debug("the tests could not be run", e);
            return NOT_DONE;
        } catch (RuntimeException e) {
            System.err.println("the tests could not be run: " + ApiFailures.reason(e));
            LOG.debug("the tests could not be run", e);
            return NOT_DONE;
        }
    }

    private static ConfigurableApplicationContext start(CommandLine line) {
        SpringApplication application = application(line);
        application.setLogStartupInfo(false);
        application.setKeepAlive(true);
        try {
            return application.run(line.arguments());
        } catch (RuntimeException e) {
            // StartProblems has said why.
            System.exit(NOT_DONE);
            throw e;
        }
    }

    /** The application, with what follows from the command line. */
    public static SpringApplication application(CommandLine line) {
        SpringApplication application = new SpringApplication(ColleagueSearch.class);
        application.setWebApplicationType(line.listens() ? WebApplicationType.SERVLET : WebApplicationType.NONE);
        // A server's own would look for files in what it serves, and take no path that leads upwards.
        application.setResourceLoader(new DefaultResourceLoader());
        application.setBannerMode(Banner.Mode.OFF);
        application.setDefaultProperties(line.properties());
        application.addInitializers(new CheckedStart());
        return application;
    }

    /** Runs one batch and returns the exit code; no failure may keep the process alive for want of one. */
    private static int runOnce(ConfigurableApplicationContext context, CommandLine line) {
        try {
            return batches(context.getBean(ProducerTemplate.class), line)
                    .mapToInt(Batch::exitCode)
                    .max()
                    .orElse(NOT_DONE);
        } catch (RuntimeException e) {
            LOG.error("the batch could not be done: {}", ApiFailures.reason(e));
            LOG.debug("the batch could not be done", e);
            return NOT_DONE;
        }
    }

    private static Stream<Batch> batches(ProducerTemplate routes, CommandLine line) {
        if (line.command() == Command.RETRY_ERRORS) {
            return Stream.of(routes.requestBody("direct:retry-errors", line.operand(), Batch.class));
        }
        List<?> continued = routes.requestBody("direct:resume", "--once", List.class);
        return continued.isEmpty()
                ? Stream.of(routes.requestBody("direct:index-all", "--once", Batch.class))
                : continued.stream().map(Batch.class::cast);
    }
}
