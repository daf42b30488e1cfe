package org.colleaguesearch.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.ResolvableType;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Says what Spring has against settings. Asks the environment for their places; for any thread. */
public record BindingProblems(GivenSettings given) {
    /** What a failure says of settings; null where it is about none. Its causes are not looked at. */
    public List<SettingProblem> of(Throwable failure) {
        return switch (failure) {
            case BindValidationException invalid ->
                sorted(invalid.getValidationErrors().getAllErrors().stream()
                        .map(error -> problem(invalid.getValidationErrors().getName(), error)));
            case UnboundConfigurationPropertiesException unknown ->
                sorted(unknown.getUnboundProperties().stream().map(BindingProblems::problem));
            case BindException wrong -> wrong.getProperty() == null ? null : List.of(problem(wrong));
            default -> null;
        };
    }

    private static List<SettingProblem> sorted(Stream<SettingProblem> problems) {
        return problems.sorted(Comparator.comparing(SettingProblem::toString)).toList();
    }

    private SettingProblem problem(ConfigurationPropertyName prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return given.problem(prefix.toString(), prefix + ": " + error.getDefaultMessage());
        }
        if ("AssertTrue".equals(field.getCode())) {
            // A check of several settings together: it has a name of its own, which is no key.
            String together = key(prefix, field.getField().replaceFirst("\\.[^.]*$", ""));
            return given.problem(together, together + " " + error.getDefaultMessage());
        }
        String key = key(prefix, field.getField());
        Object value = field.getRejectedValue();
        return given.problem(
                key, key + (value == null ? " is not set" : " is " + value) + ": " + error.getDefaultMessage());
    }

    /** {@code batchSize} is {@code batch-size}, and {@code config[patents]} is {@code config.patents}. */
    private static String key(ConfigurationPropertyName prefix, String field) {
        return prefix + "."
                + field.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\[([a-z][a-z0-9-]*)]", ".$1");
    }

    /** Spring takes a setting with an empty value that its type has no use for as an unknown one, too. */
    private static SettingProblem problem(ConfigurationProperty unbound) {
        return "".equals(unbound.getValue())
                ? new SettingProblem(
                        unbound.getName().toString(),
                        unbound.getName() + " is empty",
                        unbound.getOrigin(),
                        ": give it a value, or remove it")
                : unknown(unbound, ": application.yml has all there are");
    }

    /** A setting that there is none of. Its value, which may be a secret, is not told. */
    static SettingProblem unknown(ConfigurationProperty property, String remedy) {
        return new SettingProblem(
                property.getName().toString(), property.getName() + " is no setting", property.getOrigin(), remedy);
    }

    private static SettingProblem problem(BindException wrong) {
        Object value = wrong.getProperty().getValue();
        ResolvableType type = wrong.getTarget().getType();
        return new SettingProblem(
                wrong.getName().toString(),
                wrong.getName() + " is " + ("".equals(value) ? "empty" : value),
                wrong.getProperty().getOrigin(),
                ": it must be " + Accepted.by(type) + why(type, wrong));
    }

    /** Of a choice, all has been said. */
    private static String why(ResolvableType type, BindException wrong) {
        return Stream.of(type, type.getGeneric(0))
                        .anyMatch(each -> each.resolve(Object.class).isEnum())
                ? ""
                : " (" + deepest(wrong) + ")";
    }

    /** The first line of the message of the deepest cause, or its name. */
    public static String deepest(Throwable failure) {
        Throwable deepest = causes(failure).reduce((outer, inner) -> inner).orElseThrow();
        String message = deepest.getMessage() == null
                ? ""
                : deepest.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? deepest.getClass().getSimpleName() : message;
    }

    /** A failure and its causes, outermost first. */
    public static Stream<Throwable> causes(Throwable failure) {
        // A chain of causes can be a circle.
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(50);
    }
}
