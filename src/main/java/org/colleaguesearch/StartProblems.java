package org.colleaguesearch;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.colleaguesearch.settings.StartFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.web.embedded.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Says in a line a problem why the application cannot start, in place of Spring's pages; at debug level, all of it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartProblems implements SpringBootExceptionReporter {
    private static final Logger LOG = LoggerFactory.getLogger(StartProblems.class);

    private final String managementPort;

    /** Spring Boot calls it, when the settings have been read. */
    StartProblems(ConfigurableApplicationContext context) {
        managementPort = context == null ? null : context.getEnvironment().getProperty("management.server.port");
    }

    @Override
    public boolean reportException(Throwable failure) {
        lines(failure, managementPort).forEach(line -> System.err.println("cannot start: " + line));
        LOG.debug("cannot start", failure);
        return true;
    }

    /** What is wrong. {@code managementPort}: as set, to tell which of the two ports is taken. */
    static List<String> lines(Throwable failure, String managementPort) {
        return causes(failure)
                .map(cause -> known(cause, managementPort))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> List.of(deepest(failure)));
    }

    private static List<String> known(Throwable cause, String managementPort) {
        return switch (cause) {
            case StartFailure start -> List.of(start.getMessage());
            case BindValidationException invalid ->
                invalid.getValidationErrors().getAllErrors().stream()
                        .map(error -> line(invalid.getValidationErrors().getName(), error))
                        .sorted()
                        .toList();
            case UnboundConfigurationPropertiesException unknown ->
                unknown.getUnboundProperties().stream()
                        .map(StartProblems::line)
                        .sorted()
                        .toList();
            case PortInUseException taken -> List.of(portInUse(taken.getPort(), managementPort));
            case ConnectorStartFailedException taken -> List.of(portInUse(taken.getPort(), managementPort));
            case BindException wrong -> wrong.getProperty() == null ? null : List.of(line(wrong));
            default -> null;
        };
    }

    private static String line(ConfigurationPropertyName prefix, ObjectError error) {
        if (error instanceof FieldError field) {
            Object value = field.getRejectedValue();
            if ("AssertTrue".equals(field.getCode())) {
                // A check of several settings together: it has a name of its own, which is no key.
                String together = field.getField().replaceFirst("\\.[^.]*$", "");
                return prefix + "." + kebab(together) + " " + error.getDefaultMessage();
            }
            return prefix + "." + kebab(field.getField()) + (value == null ? " is not set" : " is " + value) + ": "
                    + error.getDefaultMessage();
        }
        return prefix + ": " + error.getDefaultMessage();
    }

    /** Spring takes a setting with an empty value that its type has no use for as an unknown one, too. */
    private static String line(ConfigurationProperty unbound) {
        return unbound.getName()
                + ("".equals(unbound.getValue())
                        ? " is empty" + at(unbound.getOrigin()) + ": give it a value, or remove it"
                        : " is no setting" + at(unbound.getOrigin()) + ": application.yml has all there are");
    }

    private static String line(BindException wrong) {
        Object value = wrong.getProperty().getValue();
        return wrong.getName() + " is " + ("".equals(value) ? "empty" : value)
                + at(wrong.getProperty().getOrigin()) + ": it must be "
                + Accepted.by(wrong.getTarget().getType()) + " ("
                + deepest(wrong) + ")";
    }

    private static String portInUse(int port, String managementPort) {
        return (Integer.toString(port).equals(managementPort) ? "management.server.port: " : "server.port: ") + port
                + " is in use on this machine; give another, 0 for any free one, or -1 for none";
    }

    private static String at(Object origin) {
        return origin == null ? "" : " (" + origin + ")";
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
