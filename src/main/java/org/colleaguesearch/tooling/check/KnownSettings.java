package org.colleaguesearch.tooling.check;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.demo.DemoSources;
import org.colleaguesearch.settings.Settings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** The settings that route files can refer to. Reads them on each call, as the application does. Thread-safe. */
record KnownSettings(Environment settings) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}:?!]+)(?::([^{}]*))?}}");
    private static final Set<String> FUNCTIONS =
            Set.of("env", "sys", "service", "service.name", "service.host", "service.port", "bean");
    private static final Pattern SECRET =
            Pattern.compile("password|passphrase|secret|token$|api[-_]?key$", Pattern.CASE_INSENSITIVE);
    private static final String POOLS = "camel.threadpool.config";
    private static final String APIS = "colleagues.apis";

    boolean has(String key) {
        return settings.containsProperty(key);
    }

    /** The value of a setting, or null. */
    String value(String key) {
        return settings.getProperty(key);
    }

    /**
     * Replaces placeholders in a text by the setting or the default that they name. Placeholders with neither stay, as
     * do those of Camel's functions, such as {@code {{env:HOME}}}.
     */
    String filled(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String set = FUNCTIONS.contains(match.group(1)) ? null : settings.getProperty(match.group(1));
            boolean hasDefault = match.group(2) != null && !FUNCTIONS.contains(match.group(1));
            return Matcher.quoteReplacement(set != null ? set : hasDefault ? match.group(2) : match.group());
        });
    }

    /** The given keys below {@code colleagues}. */
    Set<String> keys() {
        return all().filter(key -> key.startsWith("colleagues.")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Masks passwords and other secrets that a placeholder may have put into a text. */
    String withoutSecrets(String text) {
        return all().filter(SECRET.asPredicate())
                .map(settings::getProperty)
                .filter(value -> value != null && !value.isBlank())
                .reduce(text, (rest, secret) -> rest.replace(secret, "***"));
    }

    private Stream<String> all() {
        return settings instanceof ConfigurableEnvironment environment
                ? environment.getPropertySources().stream()
                        .filter(EnumerablePropertySource.class::isInstance)
                        .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
                : Stream.of();
    }

    /** The names of the thread pool profiles. */
    Set<String> pools() {
        return below(POOLS);
    }

    /** The names of the APIs with a base URL; without any, those of the demo. */
    Set<String> apis() {
        Set<String> apis = new TreeSet<>(below(APIS));
        apis.removeIf(name ->
                settings.getProperty(APIS + "." + name + ".base-url", "").isEmpty());
        if (apis.isEmpty()) {
            apis.add(Settings.DEFAULT_API);
            apis.addAll(DemoSources.NAMES);
        }
        return apis;
    }

    /** The names of the values of a person, for URLs and bodies. */
    Set<String> personValues() {
        Set<String> values = new TreeSet<>(below("colleagues.people.fields"));
        values.add("id");
        values.add("name");
        return values;
    }

    private Set<String> below(String map) {
        return Binder.get(settings)
                .bind(map, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }
}
