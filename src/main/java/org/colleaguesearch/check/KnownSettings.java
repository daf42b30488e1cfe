package org.colleaguesearch.check;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** The settings that route files can refer to. Reads them each time, as the application does; for any thread. */
record KnownSettings(Environment settings) {
    private static final String POOLS = "camel.threadpool.config";

    boolean has(String key) {
        return settings.containsProperty(key);
    }

    /** Those that files and the command line give. */
    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        if (settings instanceof ConfigurableEnvironment environment) {
            environment.getPropertySources().stream()
                    .filter(EnumerablePropertySource.class::isInstance)
                    .flatMap(source -> Set.of(((EnumerablePropertySource<?>) source).getPropertyNames()).stream())
                    .filter(key -> key.startsWith("colleagues."))
                    .forEach(keys::add);
        }
        return keys;
    }

    /** The names of the thread pool profiles. */
    Set<String> pools() {
        return Binder.get(settings)
                .bind(POOLS, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }
}
