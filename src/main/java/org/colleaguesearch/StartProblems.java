package org.colleaguesearch;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.colleaguesearch.check.BrokenRoutes;
import org.colleaguesearch.check.RouteCheck;
import org.colleaguesearch.settings.StartFailure;
import org.colleaguesearch.yaml.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.web.embedded.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in a line a problem why the application cannot start, in place of Spring's pages; at debug level, all of it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartProblems implements SpringBootExceptionReporter {
    private static final Logger LOG = LoggerFactory.getLogger(StartProblems.class);

    private final Environment settings;

    /** Spring Boot calls it, when the settings have been read. */
    StartProblems(ConfigurableApplicationContext context) {
        settings = context == null ? new StandardEnvironment() : context.getEnvironment();
    }

    /**
     * What is wrong with a setting.
     *
     * @param origin where it is given, or null
     * @param remedy what to do, where that is not a part of {@code what}
     */
    record Complaint(String what, Origin origin, String remedy) {
        String text() {
            return what + remedy;
        }

        @Override
        public String toString() {
            return remedy.isEmpty() || origin == null ? text() : what + " (" + origin + ")" + remedy;
        }
    }

    @Override
    public boolean reportException(Throwable failure) {
        causes(failure)
                .filter(BrokenRoutes.class::isInstance)
                .flatMap(broken -> ((BrokenRoutes) broken).verdict().problems().stream())
                .forEach(System.err::println);
        String managementPort = settings.getProperty("management.server.port");
        Optional<String> refused = known(failure, managementPort).isPresent()
                ? Optional.empty()
                : RouteCheck.of(settings).problem(Path.of(""), failure).map(Problem::toString);
        refused.map(List::of)
                .orElseGet(() -> lines(failure, managementPort))
                .forEach(line -> System.err.println("cannot start: " + line));
        LOG.debug("cannot start", failure);
        return true;
    }

    /** What is wrong. {@code managementPort}: as set, to tell which of the two ports is taken. */
    static List<String> lines(Throwable failure, String managementPort) {
        return complaints(failure, managementPort).stream()
                .map(Complaint::toString)
                .toList();
    }

    static List<Complaint> complaints(Throwable failure, String managementPort) {
        return known(failure, managementPort).orElseGet(() -> List.of(plain(deepest(failure))));
    }

    private static Optional<List<Complaint>> known(Throwable failure, String managementPort) {
        return causes(failure)
                .map(cause -> ofCause(cause, managementPort))
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static List<Complaint> ofCause(Throwable cause, String managementPort) {
        return switch (cause) {
            case StartFailure start -> List.of(plain(start.getMessage()));
            case MarkedYAMLException syntax -> List.of(plain(syntax(syntax)));
            case BindValidationException invalid ->
                invalid.getValidationErrors().getAllErrors().stream()
                        .map(error -> line(invalid.getValidationErrors().getName(), error))
                        .sorted(Comparator.comparing(Complaint::toString))
                        .toList();
            case UnboundConfigurationPropertiesException unknown ->
                unknown.getUnboundProperties().stream()
                        .map(StartProblems::line)
                        .sorted(Comparator.comparing(Complaint::toString))
                        .toList();
            case PortInUseException taken -> List.of(plain(portInUse(taken.getPort(), managementPort)));
            case ConnectorStartFailedException taken -> List.of(plain(portInUse(taken.getPort(), managementPort)));
            case BindException wrong -> wrong.getProperty() == null ? null : List.of(line(wrong));
            default -> null;
        };
    }

    private static Complaint plain(String text) {
        return new Complaint(text, null, "");
    }

    private static String syntax(MarkedYAMLException syntax) {
        Mark mark = syntax.getProblemMark();
        return "application.yml:" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": this is no YAML: "
                + syntax.getProblem() + "; check indents, quotes and colons here and in the line before";
    }

    private static Complaint line(ConfigurationPropertyName prefix, ObjectError error) {
        Origin origin = Origin.from(error);
        if (error instanceof FieldError field) {
            Object value = field.getRejectedValue();
            if ("AssertTrue".equals(field.getCode())) {
                // A check of several settings together: it has a name of its own, which is no key.
                String together = field.getField().replaceFirst("\\.[^.]*$", "");
                return new Complaint(prefix + "." + kebab(together) + " " + error.getDefaultMessage(), origin, "");
            }
            return new Complaint(
                    prefix + "." + kebab(field.getField()) + (value == null ? " is not set" : " is " + value) + ": "
                            + error.getDefaultMessage(),
                    origin,
                    "");
        }
        return new Complaint(prefix + ": " + error.getDefaultMessage(), origin, "");
    }

    /** Spring takes a setting with an empty value that its type has no use for as an unknown one, too. */
    private static Complaint line(ConfigurationProperty unbound) {
        return "".equals(unbound.getValue())
                ? new Complaint(unbound.getName() + " is empty", unbound.getOrigin(), ": give it a value, or remove it")
                : new Complaint(
                        unbound.getName() + " is no setting",
                        unbound.getOrigin(),
                        ": application.yml has all there are");
    }

    private static Complaint line(BindException wrong) {
        Object value = wrong.getProperty().getValue();
        return new Complaint(
                wrong.getName() + " is " + ("".equals(value) ? "empty" : value),
                wrong.getProperty().getOrigin(),
                ": it must be " + Accepted.by(wrong.getTarget().getType()) + " (" + deepest(wrong) + ")");
    }

    private static String portInUse(int port, String managementPort) {
        return (Integer.toString(port).equals(managementPort) ? "management.server.port: " : "server.port: ") + port
                + " is in use on this machine; give another, 0 for any free one, or -1 for none";
    }

    private static String kebab(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String deepest(Throwable failure) {
        Throwable deepest = causes(failure).reduce((outer, inner) -> inner).orElseThrow();
        String message = deepest.getMessage() == null
                ? ""
                : deepest.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? deepest.getClass().getSimpleName() : message;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        // A chain of causes can be a circle.
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50);
    }
}
