package org.colleaguesearch.settings;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** Which settings are set, and where. Reads the environment each time; safe for any thread. */
public record GivenSettings(ConfigurableEnvironment environment) {
    /** The settings in files and on the command line. Environment variables are left out: most of them are not settings. */
    public Stream<ConfigurationProperty> written() {
        return environment.getPropertySources().stream()
                .filter(GivenSettings::isWritten)
                .flatMap(source -> sources(ConfigurationPropertySources.from(source)))
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source)
                        .stream().map(source::getConfigurationProperty).filter(Objects::nonNull));
    }

    private static boolean isWritten(PropertySource<?> source) {
        return source instanceof OriginTrackedMapPropertySource || source instanceof SimpleCommandLinePropertySource;
    }

    /** Where a setting is set: itself, else the first one below it, else the list that it is an item of; null: nowhere. */
    Origin origin(ConfigurationPropertyName name) {
        return sources(ConfigurationPropertySources.from(environment.getPropertySources()))
                .map(source -> source.getConfigurationProperty(name))
                .filter(Objects::nonNull)
                .findFirst()
                .or(() -> below(name))
                .map(ConfigurationProperty::getOrigin)
                .orElseGet(() -> name.isLastElementIndexed() ? origin(name.getParent()) : null);
    }

    private Optional<ConfigurationProperty> below(ConfigurationPropertyName name) {
        return written().filter(given -> name.isAncestorOf(given.getName())).findFirst();
    }

    /**
     * A problem at the place where a setting is set. The key may be in any spelling that Spring accepts.
     *
     * @param remedy what to do, unless {@code what} says so
     */
    public SettingProblem problem(String key, String what, String remedy) {
        return new SettingProblem(key, what, origin(ConfigurationPropertyName.adapt(key, '.')), remedy);
    }

    private static Stream<ConfigurationPropertySource> sources(Iterable<ConfigurationPropertySource> sources) {
        return StreamSupport.stream(sources.spliterator(), false);
    }
}
