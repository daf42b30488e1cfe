package org.colleaguesearch.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.logging.Log;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Gives settings that have another name now, {@code colleagues.api.*}, that name wherever they are set, and says so.
 * Spring Boot calls it after the settings are read. For one thread.
 */
public final class FormerSettings implements EnvironmentPostProcessor {
    private static final Pattern FORMER =
            Pattern.compile("colleagues([._])api\\1(?<setting>.+)", Pattern.CASE_INSENSITIVE);

    private final Log log;

    FormerSettings(DeferredLogFactory logs) {
        this.log = logs.getLog(FormerSettings.class);
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        rename(environment).forEach(log::warn);
    }

    /** Renames the settings of an environment, and returns a line for each of its sources that has former names. */
    public static List<String> rename(ConfigurableEnvironment environment) {
        List<String> lines = new ArrayList<>();
        MutablePropertySources sources = environment.getPropertySources();
        for (PropertySource<?> source : List.copyOf(sources.stream().toList())) {
            if (source instanceof EnumerablePropertySource<?> names) {
                formerNames(names).findFirst().ifPresent(first -> {
                    PropertySource<?> renamed = renamed(names);
                    if (renamed != null) {
                        sources.replace(source.getName(), renamed);
                        lines.add(line(names, first));
                    }
                });
            }
        }
        return lines;
    }

    private static Stream<String> formerNames(EnumerablePropertySource<?> source) {
        return Stream.of(source.getPropertyNames())
                .filter(name -> FORMER.matcher(name).matches());
    }

    /** The source with the new names; null for a kind of source that users do not write. */
    private static PropertySource<?> renamed(EnumerablePropertySource<?> source) {
        if (source instanceof SimpleCommandLinePropertySource) {
            return new SimpleCommandLinePropertySource(
                    source.getName(),
                    Stream.of(source.getPropertyNames())
                            .map(name -> argument(name, source.getProperty(name)))
                            .toArray(String[]::new));
        }
        if (!(source instanceof MapPropertySource map)) {
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.getSource().forEach((name, value) -> {
            if (FORMER.matcher(name).matches()) {
                values.putIfAbsent(name(name), value);
            } else {
                values.put(name, value);
            }
        });
        return switch (map) {
            case OriginTrackedMapPropertySource tracked ->
                new OriginTrackedMapPropertySource(tracked.getName(), values);
            case SystemEnvironmentPropertySource variables ->
                new SystemEnvironmentPropertySource(variables.getName(), values);
            default -> new MapPropertySource(map.getName(), values);
        };
    }

    private static String argument(String name, Object value) {
        return "--" + name(name) + (value == null ? "" : "=" + value);
    }

    /** The name to use now: the given one unless it is a former name. */
    private static String name(String given) {
        Matcher former = FORMER.matcher(given);
        if (!former.matches()) {
            return given;
        }
        boolean isVariable = former.group(1).equals("_");
        String setting = former.group("setting");
        boolean isPath = setting.replaceAll("[-_]", "").equalsIgnoreCase("peoplepath");
        String name = isPath ? "colleagues.people.path" : "colleagues.apis.default." + setting;
        return isVariable ? name.replace('.', '_').toUpperCase(Locale.ROOT) : name;
    }

    private static String line(EnumerablePropertySource<?> source, String name) {
        return new SettingProblem(
                        name,
                        name + " is now " + name(name),
                        OriginLookup.getOrigin(source, name),
                        "; the former names colleagues.api.* still work, please rename them")
                .toString();
    }
}
