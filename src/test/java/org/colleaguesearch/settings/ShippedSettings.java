package org.colleaguesearch.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** The settings of {@code application.yml} with some changed, whatever the environment of the test run holds. */
public final class ShippedSettings {
    private ShippedSettings() {}

    /** The default API with some settings changed. */
    public static Settings.Api api(String... changes) {
        return with(changes).apis().get(Settings.DEFAULT_API);
    }

    /** Each change as on the command line, without its dashes: {@code colleagues.csv.folder=/tmp/x}. */
    public static Settings with(String... changes) {
        Map<String, Object> changed = new LinkedHashMap<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            changed.put(change.substring(0, equals), change.substring(equals + 1));
        }
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.forEach(source -> sources.remove(source.getName()));
        sources.addLast(new MapPropertySource("changes", changed));
        try {
            new YamlPropertySourceLoader()
                    .load("application.yml", new FileSystemResource("application.yml"))
                    .forEach(sources::addLast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Binder.get(environment).bind("colleagues", Settings.class).get();
    }
}
