package org.colleaguesearch.tooling.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.demo.DemoSources;
import org.colleaguesearch.ledger.Database;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

/** The settings when routes are tested: the shipped ones, with some that make tests fast and isolate them. */
final class TestSettings {
    /** Of each API: retries happen immediately, and waits are short. */
    private static final Map<String, Object> OF_API = Map.of(
            "retry.first-delay", "1ms",
            "probe-every", "10ms",
            "patience", "500ms",
            "calls-per-second", 100_000,
            "calls-in-flight", 10_000);

    private static final Pattern REPLACED = Pattern.compile(
            "colleagues([._])(?!routes(?![a-z])|apis(?![a-z])(?!\\1default\\1))", Pattern.CASE_INSENSITIVE);

    /** A variable with its default. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:([^}]*)}");

    private TestSettings() {}

    /**
     * Gives the settings of {@code colleagues} their shipped values, wherever they are set but on the command line, so
     * that tests are the same everywhere. What own routes need stays: route folders, further APIs and the names of
     * further fields of people.
     */
    static void replaceOthers(ConfigurableEnvironment environment) {
        Map<String, Object> needed = needed(environment);
        MutablePropertySources sources = environment.getPropertySources();
        for (PropertySource<?> source : sources.stream().toList()) {
            if (source instanceof MapPropertySource map) {
                without(map).ifPresent(rest -> sources.replace(map.getName(), rest));
            }
        }
        sources.addAfter(
                CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME,
                new MapPropertySource("needed by own routes", needed));
        sources.addLast(new MapPropertySource("shipped settings", shipped()));
    }

    /** The source without settings that tests replace; empty if it has none. */
    private static Optional<MapPropertySource> without(MapPropertySource source) {
        Map<String, Object> rest = new LinkedHashMap<>();
        for (String name : source.getPropertyNames()) {
            if (!REPLACED.matcher(name).lookingAt()) {
                rest.put(name, source.getSource().get(name));
            }
        }
        if (rest.size() == source.getPropertyNames().length) {
            return Optional.empty();
        }
        // Spring reads names with _ only in sources of this type, and places only from those of the other.
        return Optional.of(
                source instanceof SystemEnvironmentPropertySource
                        ? new SystemEnvironmentPropertySource(source.getName(), rest)
                        : new OriginTrackedMapPropertySource(source.getName(), rest));
    }

    private static Map<String, Object> needed(ConfigurableEnvironment environment) {
        Map<String, Object> needed = new LinkedHashMap<>();
        Set<String> apis = new TreeSet<>(names("colleagues.apis", environment));
        apis.remove(Settings.DEFAULT_API);
        // Here, the default API has a base URL in any case.
        boolean canBeDemo = apis.stream().noneMatch(api -> environment.containsProperty(baseUrl(api)));
        if (canBeDemo) {
            DemoSources.NAMES.forEach(api -> needed.put(baseUrl(api), "https://" + api + ".example.org"));
            apis.addAll(DemoSources.NAMES);
        }
        apis.add(Settings.DEFAULT_API);
        apis.forEach(api -> OF_API.forEach((key, value) -> needed.put("colleagues.apis." + api + "." + key, value)));
        names("colleagues.people.fields", environment)
                .forEach(field -> needed.put("colleagues.people.fields." + field, "." + field));
        return needed;
    }

    private static String baseUrl(String api) {
        return "colleagues.apis." + api + ".base-url";
    }

    private static Set<String> names(String settings, ConfigurableEnvironment environment) {
        return Binder.get(environment)
                .bind(settings, Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet();
    }

    private static Map<String, Object> shipped() {
        YamlPropertiesFactoryBean file = new YamlPropertiesFactoryBean();
        file.setResources(new ClassPathResource("shipped/application.yml"));
        Map<String, Object> shipped = new LinkedHashMap<>();
        file.getObject().forEach((name, value) -> {
            if (name.toString().startsWith("colleagues.")) {
                // Without the variables of the environment, which are settings as well.
                shipped.put(name.toString(), VARIABLE.matcher(value.toString()).replaceAll("$1"));
            }
        });
        return shipped;
    }

    /**
     * The arguments of the application.
     *
     * @param given {@code --key=value}; these override the settings for tests
     * @param folder for all files
     */
    static String[] with(List<String> given, Path folder) {
        Stream<String> others = own(folder).entrySet().stream()
                .filter(own -> given.stream().noneMatch(setting -> setting.startsWith("--" + own.getKey() + "=")))
                .map(own -> "--" + own.getKey() + "=" + own.getValue());
        return Stream.concat(given.stream(), others).toArray(String[]::new);
    }

    private static Map<String, Object> own(Path folder) {
        Map<String, Object> own = new LinkedHashMap<>();
        String name = UUID.randomUUID().toString();
        // A JVM cannot have two schedulers of the same name.
        own.put("camel.main.name", name);
        own.put("colleagues.apis.default.base-url", "https://people.example.org");
        own.put("colleagues.opensearch.url", "http://opensearch.test:9200");
        own.put("colleagues.database.url", Database.inMemory(name));
        own.put("colleagues.cluster.broker-url", "");
        own.put("colleagues.csv.folder", folder.resolve("csv"));
        own.put("colleagues.export.folder", folder.resolve("exports"));
        own.put("colleagues.extract.in", folder.resolve("in"));
        own.put("colleagues.extract.out", folder.resolve("out"));
        own.put("colleagues.extract.retry.first-delay", "1ms");
        own.put("colleagues.opensearch.patience", "1s");
        own.put("camel.main.shutdown-timeout", 1);
        own.put("management.tracing.enabled", false);
        own.put("colleagues.routes.live", false);
        // As for a single batch, nothing serves requests.
        own.put("camel.main.routes-exclude-pattern", "**/rest.camel.yaml");
        own.put("camel.health.exclude-pattern", "route:*,consumer:*");
        return own;
    }
}
