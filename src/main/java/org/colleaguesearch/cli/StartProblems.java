package org.colleaguesearch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.BindingProblems;
import org.colleaguesearch.settings.GivenSettings;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.settings.WrongSettings;
import org.colleaguesearch.tooling.check.InvalidRoutes;
import org.colleaguesearch.tooling.check.RouteCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.web.embedded.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Prints one line per problem when the application cannot start, instead of Spring's report. Logs details at debug
 * level.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartProblems implements SpringBootExceptionReporter {
    private static final Logger LOG = LoggerFactory.getLogger(StartProblems.class);

    private static final Path SETTINGS = Path.of("application.yml");
    private static final Path SITE = Path.of("site/application.yml");

    private final ConfigurableEnvironment settings;

    /** Called by Spring Boot after the settings are read. */
    StartProblems(ConfigurableApplicationContext context) {
        settings = context == null ? new StandardEnvironment() : context.getEnvironment();
    }

    @Override
    public boolean reportException(Throwable failure) {
        report(failure);
        Stream.of(failure.getSuppressed())
                .filter(InvalidRoutes.class::isInstance)
                .forEach(this::report);
        // These quote the value of a setting or a line of the file, in which there may be a secret.
        boolean isQuoting = Causes.of(failure)
                .anyMatch(cause -> cause instanceof BindException || cause instanceof MarkedYAMLException);
        if (!isQuoting) {
            LOG.debug("cannot start", failure);
        }
        return true;
    }

    private void report(Throwable failure) {
        Causes.of(failure)
                .filter(InvalidRoutes.class::isInstance)
                .flatMap(broken -> ((InvalidRoutes) broken).verdict().problems().stream())
                .forEach(System.err::println);
        Optional<String> refused = known(failure).isPresent()
                ? Optional.empty()
                : RouteCheck.of(settings).problem(Path.of(""), failure).map(Problem::toString);
        refused.map(List::of)
                .orElseGet(() -> lines(failure))
                .forEach(line -> System.err.println("cannot start: " + line));
    }

    /** One line per problem. */
    List<String> lines(Throwable failure) {
        return known(failure).orElseGet(() -> List.of(SettingProblem.plain(Causes.deepest(failure)))).stream()
                .map(SettingProblem::toString)
                .toList();
    }

    private Optional<List<SettingProblem>> known(Throwable failure) {
        return Causes.of(failure).map(this::ofCause).filter(Objects::nonNull).findFirst();
    }

    private List<SettingProblem> ofCause(Throwable cause) {
        return switch (cause) {
            case WrongSettings wrong -> wrong.problems();
            case StartFailure start -> List.of(SettingProblem.plain(start.getMessage()));
            case MarkedYAMLException syntax -> List.of(SettingProblem.plain(syntax(syntax)));
            case PortInUseException taken -> List.of(SettingProblem.plain(portInUse(taken.getPort())));
            case ConnectorStartFailedException taken -> List.of(SettingProblem.plain(portInUse(taken.getPort())));
            default -> new BindingProblems(new GivenSettings(settings)).of(cause);
        };
    }

    /** A syntax error of a settings file. */
    static String syntax(MarkedYAMLException syntax) {
        Mark mark = syntax.getProblemMark();
        // Spring does not say which file it is, but reads the second only if the first has no such error.
        boolean isOfSite = Files.exists(SITE) && !isYaml(SITE) && isYaml(SETTINGS);
        return (isOfSite ? SITE : SETTINGS) + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)
                + ": invalid YAML: " + syntax.getProblem()
                + "; check indentation, quotes and colons on this line and the one before";
    }

    private static boolean isYaml(Path file) {
        try {
            new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file));
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private String portInUse(int port) {
        boolean isOfManagement = Integer.toString(port).equals(settings.getProperty("management.server.port"));
        return (isOfManagement ? "management.server.port: " : "server.port: ") + port
                + " is in use; set another port, 0 for any free port, or -1 for none";
    }
}
