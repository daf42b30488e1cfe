package org.colleaguesearch.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    /** Only what was a setting: there can be other variables, such as COLLEAGUES_API_TOKEN. */
    private static final Pattern FORMER = Pattern.compile(
            "colleagues([._])api\\1(?<setting>(people[-_]?path|base[-_]?url|connect[-_]?timeout|response[-_]?timeout"
                    + "|max[-_]?response[-_]?size|patience|probe[-_]?every|calls[-_]?per[-_]?second"
                    + "|calls[-_]?in[-_]?flight|retry\\1.+|auth\\1.+))",
            Pattern.CASE_INSENSITIVE);

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
        for (PropertySource<?> source : sources.stream().toList()) {
            if (source instanceof EnumerablePropertySource<?> names) {
                formerNames(names).findFirst().ifPresent(first -> {
                    if (names instanceof SimpleCommandLinePropertySource
                            || names instanceof OriginTrackedMapPropertySource) {
                        sources.replace(names.getName(), renamed(names));
                    } else {
                        // Spring accepts unknown names there, and others may refer to them.
                        sources.addBefore(names.getName(), onlyFormer(names));
                    }
                    lines.add(line(names, first));
                });
            }
        }
        return lines;
    }

    private static Stream<String> formerNames(EnumerablePropertySource<?> source) {
        return Stream.of(source.getPropertyNames())
                .filter(name -> FORMER.matcher(name).matches())
                .filter(name -> !source.containsProperty(name(name)));
    }

    /** A source with the new names in place of the former ones. */
    private static PropertySource<?> renamed(EnumerablePropertySource<?> source) {
        Set<String> former = formerNames(source).collect(Collectors.toSet());
        if (source instanceof OriginTrackedMapPropertySource map) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.getSource().forEach((name, value) -> values.put(former.contains(name) ? name(name) : name, value));
            return new OriginTrackedMapPropertySource(map.getName(), values);
        }
        return new SimpleCommandLinePropertySource(
                source.getName(),
                Stream.of(source.getPropertyNames())
                        .map(name ->
                                "--" + (former.contains(name) ? name(name) : name) + "=" + source.getProperty(name))
                        .toArray(String[]::new));
    }

    private static PropertySource<?> onlyFormer(EnumerablePropertySource<?> source) {
        Map<String, Object> values =
                formerNames(source).collect(Collectors.toMap(FormerSettings::name, source::getProperty));
        // Spring reads names with _ only in sources that are called so.
        return source instanceof SystemEnvironmentPropertySource
                ? new SystemEnvironmentPropertySource("former-systemEnvironment", values)
                : new MapPropertySource("former " + source.getName(), values);
    }

    /** The name to use now, of a former name. */
    private static String name(String given) {
        Matcher former = FORMER.matcher(given);
        if (!former.matches()) {
            throw new IllegalArgumentException(given);
        }
        String setting = former.group("setting");
        boolean isPath = setting.replaceAll("[-_]", "").equalsIgnoreCase("peoplepath");
        String name = isPath ? "colleagues.people.path" : "colleagues.apis.default." + setting;
        return former.group(1).equals("_") ? name.replace('.', '_').toUpperCase(Locale.ROOT) : name;
    }

    private static String line(EnumerablePropertySource<?> source, String name) {
        return new SettingProblem(
                        name,
                        name + " is now " + name(name),
                        OriginLookup.getOrigin(source, name),
                        "; settings named colleagues.api.* still work, please rename them, also in ${…} and {{…}}")
                .toString();
    }
}
