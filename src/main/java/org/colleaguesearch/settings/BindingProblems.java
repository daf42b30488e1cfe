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

/** Says what Spring has against settings. Asks the environment for their places; for any thread. */
public record BindingProblems(GivenSettings given) {
    private static final int MOST_OF_VALUE = 200;

    /** Of a path: a component, or the key of a map that needs no brackets, or what does. */
    private static final Pattern PART = Pattern.compile("\\.?(\\w+)|\\[([A-Za-z][\\w-]*)]|\\[[^]]*]");

    /** What a failure says of settings; null where it is about none. Its causes are not looked at. */
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

    /** What a failed binding says of settings, in some words at least. */
    List<SettingProblem> all(BindException failure) {
        return Causes.of(failure)
                .map(this::of)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> List.of(unexpected(failure.getName(), failure)));
    }

    /**
     * What keeps a setting from being read.
     *
     * @param read what was read last; null: nothing
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
            // A check of several settings together: it has a name of its own, which is no key.
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

    /** {@code batchSize} is {@code batch-size}, and {@code config[maxPool]} is {@code config.maxPool}, as users write it. */
    private static String key(ConfigurationPropertyName prefix, String field) {
        return prefix + PART.matcher(field).replaceAll(part -> Matcher.quoteReplacement(written(part)));
    }

    private static String written(MatchResult part) {
        if (part.group(1) != null) {
            return "." + DataObjectPropertyName.toDashedForm(part.group(1));
        }
        return part.group(2) != null ? "." + part.group(2) : part.group();
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

    private static SettingProblem problem(
            ConfigurationPropertyName name, ResolvableType type, ConfigurationProperty read, Exception failure) {
        Object value = read.getValue();
        if (isOf(type, Class::isRecord)) {
            // What is given in its place may be meant for a secret in it.
            return new SettingProblem(
                    name.toString(),
                    name + " is one value",
                    read.getOrigin(),
                    ": it takes a list of settings below it, as application.yml shows");
        }
        return new SettingProblem(
                name.toString(),
                name + " is " + ("".equals(value) ? "empty" : shown(String.valueOf(value))),
                read.getOrigin(),
                ": it must be " + Accepted.by(type)
                        // Of a choice, all has been said.
                        + (isOf(type, Class::isEnum) ? "" : " (" + shown(Causes.deepest(failure)) + ")"));
    }

    /** Cut, so that what to do is not. */
    private static String shown(String value) {
        String hidden = Secret.hiddenIn(value);
        return hidden.length() > MOST_OF_VALUE ? hidden.substring(0, MOST_OF_VALUE) + "…" : hidden;
    }

    /** Whether a type, or what a list of it has, is such a class. */
    private static boolean isOf(ResolvableType type, Predicate<Class<?>> kind) {
        return Stream.of(type, type.getGeneric(0)).anyMatch(each -> kind.test(each.resolve(Object.class)));
    }
}
