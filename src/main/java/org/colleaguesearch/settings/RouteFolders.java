package org.colleaguesearch.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * The folders of the user's own routes, {@code colleagues.routes.folders}. Camel reads them after {@code routes/}, and
 * leaves out the files of {@code colleagues.routes.exclude}. Spring Boot calls it after the settings are read. For one
 * thread.
 */
public final class RouteFolders implements EnvironmentPostProcessor {
    /** The folder that {@code camel.main.routes-include-pattern} names. */
    public static final Path SHIPPED = Path.of("routes");

    /** The folder that need not exist. */
    public static final Path SITE = Path.of("site/routes");

    /** Files to copy, which are not loaded where they are. */
    public static final String EXAMPLES = "routes/examples/**";

    private static final String INCLUDED = "camel.main.routes-include-pattern";
    private static final String EXCLUDED = "camel.main.routes-exclude-pattern";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> ofCamel = new LinkedHashMap<>();
        ofCamel.put(
                INCLUDED,
                joined(
                        environment.getProperty(INCLUDED),
                        // Camel fails if a folder does not exist.
                        of(environment).stream().filter(Files::isDirectory).map(RouteFolders::pattern)));
        ofCamel.put(
                EXCLUDED,
                joined(
                        environment.getProperty(EXCLUDED),
                        Stream.concat(Stream.of(EXAMPLES), excluded(environment).stream())
                                .map(pattern -> pattern.startsWith("**") ? pattern : "file:" + pattern)));
        ofCamel.values().removeIf(""::equals);
        environment.getPropertySources().addFirst(new MapPropertySource("routes", ofCamel));
    }

    private static String joined(String given, Stream<String> added) {
        return Stream.concat(Stream.ofNullable(given), added)
                .filter(pattern -> !pattern.isBlank())
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** The folders, relative to the current one. Without those that cannot be read, which {@code check} reports. */
    public static List<Path> of(Environment settings) {
        List<Path> folders = values("folders", settings).orElse(List.of(SITE.toString())).stream()
                .map(Path::of)
                .map(Path::normalize)
                .filter(RouteFolders::isInside)
                .distinct()
                .toList();
        // A folder in another one is read with it.
        return folders.stream()
                .filter(folder -> !folder.startsWith(SHIPPED)
                        && folders.stream().noneMatch(other -> !other.equals(folder) && folder.startsWith(other)))
                .toList();
    }

    /** Patterns for the files that are left out, relative to the current folder. */
    public static List<String> excluded(Environment settings) {
        return values("exclude", settings).orElse(List.of());
    }

    /** Whether a folder is below the current one, so that live editing can check a copy of it, and is no pattern. */
    public static boolean isInside(Path folder) {
        return !folder.isAbsolute()
                && !folder.normalize().startsWith("..")
                && folder.normalize().toString().matches("[^*?{},]+");
    }

    /** The route files of a folder. */
    public static String pattern(Path folder) {
        return "file:" + folder.toString().replace('\\', '/') + "/**/*.camel.yaml";
    }

    private static Optional<List<String>> values(String name, Environment settings) {
        return Optional.ofNullable(Binder.get(settings)
                .bind("colleagues.routes." + name, Bindable.listOf(String.class))
                .orElse(null));
    }
}
