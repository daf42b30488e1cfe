package org.colleaguesearch.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Says all that is wrong with settings, as the application would read them, and starts nothing. For one thread. */
public final class SettingsCheck {
    /** What Spring reads alike wherever it reads it. */
    private static final Set<Class<?>> PLAIN =
            Set.of(Boolean.class, Integer.class, Long.class, Double.class, Float.class, Duration.class, DataSize.class);

    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("colleagues");

    private final GivenSettings given;
    private final Binder binder;
    private final List<SettingProblem> problems = new ArrayList<>();
    /** Those that an unknown one was meant to be: that they are not set needs no telling. */
    private final Set<String> meant = new TreeSet<>();

    private Settings settings;

    private SettingsCheck(ConfigurableEnvironment environment) {
        given = new GivenSettings(environment);
        binder = Binder.get(environment);
    }

    /** Checks what an environment has, whose sources are attached. */
    public static SettingsCheck of(ConfigurableEnvironment environment) {
        SettingsCheck check = new SettingsCheck(environment);
        check.unknownAndWrong();
        check.bind();
        return check;
    }

    /** What is wrong, each in a line. */
    public List<SettingProblem> problems() {
        return List.copyOf(problems);
    }

    /** The settings, where each by itself is right. */
    public Optional<Settings> settings() {
        return Optional.ofNullable(settings);
    }

    public GivenSettings given() {
        return given;
    }

    private void unknownAndWrong() {
        SettingNames names = new SettingNames();
        names.add(OWN.toString(), Settings.class);
        LibrarySettings.addTo(names);
        given.written().forEach(property -> {
            Optional<String> type = names.type(property.getName());
            if (type.isPresent()) {
                wrong(property, type.get());
            } else {
                unknown(property, names.meant(property.getName()));
            }
        });
    }

    /**
     * Of Spring's and Camel's only those that are near to one that there is: not all that is read is in their files, and
     * users may have settings of their own for their routes.
     */
    private void unknown(ConfigurationProperty property, Optional<ConfigurationPropertyName> near) {
        near.map(ConfigurationPropertyName::toString).ifPresent(meant::add);
        if (near.isPresent() || OWN.isAncestorOf(property.getName())) {
            add(BindingProblems.unknown(
                    property,
                    near.map(name -> "; did you mean " + name + "?").orElse(": application.yml has all there are")));
        }
    }

    private void wrong(ConfigurationProperty property, String type) {
        type(type).ifPresent(read -> tried(() -> binder.bind(property.getName(), Bindable.of(read))));
    }

    private static Optional<Class<?>> type(String name) {
        try {
            return Optional.<Class<?>>of(ClassUtils.forName(name, SettingsCheck.class.getClassLoader()))
                    .filter(type -> type.isEnum() || PLAIN.contains(type));
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException e) {
            // Of a library that is not here.
            return Optional.empty();
        }
    }

    private void bind() {
        ValidBinding binding = new ValidBinding(binder);
        Stream.of(Pools.class, ServerPort.class, ServerPort.OfManagement.class)
                .forEach(type -> tried(() -> binding.bind(type)));
        settings = tried(() -> binding.bind(Settings.class));
        if (settings != null) {
            tried(() -> binding.bindAll(Settings.class));
        }
    }

    /** Null: it is wrong. */
    private <T> T tried(Supplier<T> binding) {
        try {
            return binding.get();
        } catch (BindException e) {
            BindingProblems problems = new BindingProblems(given);
            Causes.of(e)
                    .map(problems::of)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseGet(() -> List.of(SettingProblem.plain(Causes.deepest(e))))
                    .forEach(this::add);
            return null;
        }
    }

    private void add(SettingProblem problem) {
        boolean isTold = problems.stream()
                .anyMatch(other ->
                        other.key().equals(problem.key()) && other.what().equals(problem.what()));
        if (!isTold && !meant.contains(problem.key())) {
            problems.add(problem);
        }
    }
}
