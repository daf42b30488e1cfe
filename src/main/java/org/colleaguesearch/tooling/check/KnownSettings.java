package org.colleaguesearch.tooling.check;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** The settings that route files can refer to. Reads them each time, as the application does; for any thread. */
record KnownSettings(Environment settings) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}:?!]+)(?::([^{}]*))?}}");
    private static final Set<String> FUNCTIONS =
            Set.of("env", "sys", "service", "service.name", "service.host", "service.port", "bean");
    private static final Pattern SECRET =
            Pattern.compile("password|passphrase|secret|token$|api[-_]?key$", Pattern.CASE_INSENSITIVE);
    private static final String POOLS = "camel.threadpool.config";

    boolean has(String key) {
        return settings.containsProperty(key);
    }

    /** What is set, or null. */
    String value(String key) {
        return settings.getProperty(key);
    }

    /**
     * A text with what is set, or the default that it names, in place of its placeholders. Those that have neither stay,
     * and so do those of Camel's functions, such as {@code {{env:HOME}}}.
     */
    String filled(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(match -> {
            String set = FUNCTIONS.contains(match.group(1)) ? null : settings.getProperty(match.group(1));
            boolean hasDefault = match.group(2) != null && !FUNCTIONS.contains(match.group(1));
            return Matcher.quoteReplacement(set != null ? set : hasDefault ? match.group(2) : match.group());
        });
    }

    /** Those of ours that files and the command line give. */
    Set<String> keys() {
        return all().filter(key -> key.startsWith("colleagues.")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A text without what is set as a password or the like, which a placeholder may have brought into it. */
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
        return Binder.get(settings)
                .bind(POOLS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }
}
