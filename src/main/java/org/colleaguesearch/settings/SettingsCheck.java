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

/** Says all that is wrong with settings, as the application would read them, and starts nothing. For one thread. */
public final class SettingsCheck {
    /** What Spring reads alike wherever it reads it. */
    private static final Set<Class<?>> PLAIN =
            Set.of(Boolean.class, Integer.class, Long.class, Double.class, Float.class, Duration.class, DataSize.class);

    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("colleagues");

    private final GivenSettings given;
    private final BindingProblems words;
    private final Binder binder;
    private final List<SettingProblem> problems = new ArrayList<>();
    /** Those that an unknown one was meant to be: that they are not set needs no telling. */
    private final Set<String> meant = new TreeSet<>();

    private Settings settings;

    private SettingsCheck(ConfigurableEnvironment environment) {
        given = new GivenSettings(environment);
        words = new BindingProblems(given);
        binder = Binder.get(environment);
    }

    /** Checks what an environment has, whose sources are attached. */
    public static SettingsCheck of(ConfigurableEnvironment environment) {
        SettingsCheck check = new SettingsCheck(environment);
        check.unknownAndWrong();
        check.bind();
        return check;
    }

    /** What is wrong, in order. */
    public List<SettingProblem> problems() {
        return problems.stream().sorted().toList();
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
            // Of a library that is not here.
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

    /** Of a setting, the first is enough: others follow from it. */
    private void add(SettingProblem problem) {
        ConfigurationPropertyName name = name(problem);
        if (problems.stream().map(SettingsCheck::name).noneMatch(name::equals) && !meant.contains(problem.key())) {
            problems.add(problem);
        }
    }

    /** It is the same however it is written. */
    private static ConfigurationPropertyName name(SettingProblem problem) {
        return ConfigurationPropertyName.adapt(problem.key(), '.');
    }
}
