package org.colleaguesearch.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Finds every problem of the settings by binding them as the application would, without starting it. For one thread. */
public final class SettingsCheck {
    /** Types that Spring reads the same way everywhere. */
    private static final Set<Class<?>> PLAIN =
            Set.of(Boolean.class, Integer.class, Long.class, Double.class, Float.class, Duration.class, DataSize.class);

    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("colleagues");

    private final GivenSettings given;
    private final BindingProblems words;
    private final Binder binder;
    private final List<SettingProblem> problems = new ArrayList<>();
    /** Settings that a misspelt one was meant to be, so that "is not set" is not reported for them as well. */
    private final Set<String> meant = new TreeSet<>();

    private Settings settings;

    private SettingsCheck(ConfigurableEnvironment environment) {
        given = new GivenSettings(environment);
        words = new BindingProblems(given);
        binder = Binder.get(environment);
    }

    /** Checks the settings of an environment whose property sources are attached. */
    public static SettingsCheck of(ConfigurableEnvironment environment) {
        SettingsCheck check = new SettingsCheck(environment);
        check.unknownAndWrong();
        check.bind();
        return check;
    }

    /** The problems, in order. */
    public List<SettingProblem> problems() {
        return problems.stream().sorted().toList();
    }

    /** The settings, if each of them is valid. */
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
     * Reports an unknown setting outside {@code colleagues} only if it looks like a misspelt one: the metadata of Spring and
     * Camel is not complete, and users may have settings of their own for their routes.
     */
    private void unknown(ConfigurationProperty property, Optional<ConfigurationPropertyName> near) {
        near.map(ConfigurationPropertyName::toString).ifPresent(meant::add);
        if (near.isPresent() || OWN.isAncestorOf(property.getName())) {
            add(BindingProblems.unknown(
                    property,
                    near.map(name -> "; did you mean " + name + "?").orElse("; application.yml lists all settings")));
        }
    }

    private void wrong(ConfigurationProperty property, String type) {
        type(type).ifPresent(read -> {
            try {
                binder.bind(property.getName(), Bindable.of(read));
            } catch (BindException e) {
                words.all(e).forEach(this::add);
            }
        });
    }

    private static Optional<Class<?>> type(String name) {
        try {
            return Optional.<Class<?>>of(ClassUtils.forName(name, SettingsCheck.class.getClassLoader()))
                    .filter(type -> type.isEnum() || PLAIN.contains(type));
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException e) {
            // The library is not on the class path.
            return Optional.empty();
        }
    }

    private void bind() {
        try (ValidBinding binding = new ValidBinding(binder, words, this::add)) {
            Stream.of(Pools.class, ServerPort.class, ServerPort.OfManagement.class)
                    .forEach(binding::bind);
            settings = binding.bind(Settings.class).orElse(null);
            binding.bindAll(Settings.class);
        }
    }

    /** Keeps the first problem of a setting; further ones follow from it. */
    private void add(SettingProblem problem) {
        ConfigurationPropertyName name = name(problem);
        if (problems.stream().map(SettingsCheck::name).noneMatch(name::equals) && !meant.contains(problem.key())) {
            problems.add(problem);
        }
    }

    /** The canonical name, however the key is written. */
    private static ConfigurationPropertyName name(SettingProblem problem) {
        return ConfigurationPropertyName.adapt(problem.key(), '.');
    }
}
