package org.colleaguesearch.settings;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.failure.Causes;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.ResolvableType;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Turns Spring's binding and validation failures into one {@link SettingProblem} a setting. Safe for any thread. */
public record BindingProblems(GivenSettings given) {
    private static final int MOST_OF_VALUE = 200;

    /** One part of a path: a component, a map key that needs no brackets, or one that does. */
    private static final Pattern PART = Pattern.compile("\\.?(\\w+)|\\[([A-Za-z][\\w-]*)]|\\[[^]]*]");

    /** The problems of one failure, without its causes; null if it is not about settings. */
    public List<SettingProblem> of(Throwable failure) {
        return switch (failure) {
            case BindValidationException invalid ->
                sorted(invalid.getValidationErrors().getAllErrors().stream()
                        .map(error -> problem(invalid.getValidationErrors().getName(), error)));
            case UnboundConfigurationPropertiesException unknown ->
                sorted(unknown.getUnboundProperties().stream().map(BindingProblems::problem));
            case BindException wrong ->
                wrong.getProperty() == null
                        ? null
                        : List.of(problem(wrong.getName(), wrong.getTarget().getType(), wrong.getProperty(), wrong));
            default -> null;
        };
    }

    /** The problems of a failed binding; at least one. */
    List<SettingProblem> all(BindException failure) {
        return Causes.of(failure)
                .map(this::of)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> List.of(unexpected(failure.getName(), failure)));
    }

    /**
     * Why a setting cannot be read.
     *
     * @param read the property that was read last, or null
     */
    List<SettingProblem> of(
            ConfigurationPropertyName name, ResolvableType type, ConfigurationProperty read, Exception failure) {
        if (failure instanceof UnboundConfigurationPropertiesException) {
            return of(failure);
        }
        return List.of(read == null ? unexpected(name, failure) : problem(name, type, read, failure));
    }

    private SettingProblem unexpected(ConfigurationPropertyName name, Exception failure) {
        return given.problem(name.toString(), name + ": " + shown(Causes.deepest(failure)), "");
    }

    private static List<SettingProblem> sorted(Stream<SettingProblem> problems) {
        return problems.sorted().toList();
    }

    private SettingProblem problem(ConfigurationPropertyName prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return given.problem(prefix.toString(), prefix.toString(), ": " + error.getDefaultMessage());
        }
        if ("AssertTrue".equals(field.getCode())) {
            // A check of several settings: the method's name is not a key.
            String together = key(prefix, field.getField().replaceFirst("\\.[^.]*$", ""));
            return given.problem(together, together + " " + error.getDefaultMessage(), "");
        }
        String key = key(prefix, field.getField());
        Object value = field.getRejectedValue();
        return given.problem(
                key,
                key + (value == null ? " is not set" : " is " + shown(value.toString())),
                ": " + error.getDefaultMessage());
    }

    /** The key as users write it: {@code batchSize} is {@code batch-size}, {@code config[maxPool]} is {@code config.maxPool}. */
    private static String key(ConfigurationPropertyName prefix, String field) {
        return prefix + PART.matcher(field).replaceAll(part -> Matcher.quoteReplacement(written(part)));
    }

    private static String written(MatchResult part) {
        if (part.group(1) != null) {
            return "." + DataObjectPropertyName.toDashedForm(part.group(1));
        }
        return part.group(2) != null ? "." + part.group(2) : part.group();
    }

    /** Spring also reports a setting as unknown when it is empty and its type accepts no empty value. */
    private static SettingProblem problem(ConfigurationProperty unbound) {
        return "".equals(unbound.getValue())
                ? new SettingProblem(
                        unbound.getName().toString(),
                        unbound.getName() + " is empty",
                        unbound.getOrigin(),
                        "; set a value or remove it")
                : unknown(unbound, "; application.yml lists all settings");
    }

    /** An unknown setting. Its value is not shown: it may be a secret. */
    static SettingProblem unknown(ConfigurationProperty property, String remedy) {
        return new SettingProblem(
                property.getName().toString(), "unknown setting " + property.getName(), property.getOrigin(), remedy);
    }

    private static SettingProblem problem(
            ConfigurationPropertyName name, ResolvableType type, ConfigurationProperty read, Exception failure) {
        Object value = read.getValue();
        if (isOf(type, Class::isRecord)) {
            // The value is not shown: it may be meant for a secret in the record.
            return new SettingProblem(
                    name.toString(),
                    name + " has a value of its own",
                    read.getOrigin(),
                    "; expected settings below it, as in application.yml");
        }
        return new SettingProblem(
                name.toString(),
                name + " is " + ("".equals(value) ? "empty" : shown(String.valueOf(value))),
                read.getOrigin(),
                "; expected " + Accepted.by(type)
                        // For an enum, the list of values says it all.
                        + (isOf(type, Class::isEnum) ? "" : " (" + shown(Causes.deepest(failure)) + ")"));
    }

    /** Shortened, so that the remedy after it stays visible. */
    private static String shown(String value) {
        String hidden = Secret.hiddenIn(value);
        return hidden.length() > MOST_OF_VALUE ? hidden.substring(0, MOST_OF_VALUE) + "…" : hidden;
    }

    /** Whether a type, or the element type of a list, is of this kind. */
    private static boolean isOf(ResolvableType type, Predicate<Class<?>> kind) {
        return Stream.of(type, type.getGeneric(0)).anyMatch(each -> kind.test(each.resolve(Object.class)));
    }
}
