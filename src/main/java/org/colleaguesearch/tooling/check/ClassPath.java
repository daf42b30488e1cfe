package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.ClassUtils;

/** What the parts of Camel that the application has say of themselves. Kept, since it stays; any thread may ask. */
final class ClassPath {
    private static final String SERVICES = "META-INF/services/org/apache/camel/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Set<String>> NAMES = new ConcurrentHashMap<>();
    private static final Map<String, Optional<JsonNode>> COMPONENTS = new ConcurrentHashMap<>();

    private ClassPath() {}

    /** The names of all parts of a kind: component, language or dataformat. */
    static Set<String> names(String kind) {
        return NAMES.computeIfAbsent(kind, ClassPath::read);
    }

    private static Set<String> read(String kind) {
        Set<String> names = new TreeSet<>();
        try {
            for (var resource : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:" + SERVICES + kind + ".properties")) {
                Properties properties = PropertiesLoaderUtils.loadProperties(resource);
                properties.stringPropertyNames().stream()
                        .filter(key -> key.equalsIgnoreCase(kind + "s"))
                        .forEach(key ->
                                names.addAll(Set.of(properties.getProperty(key).split(" ", -1))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** The description of a component: {@code component} and {@code properties}. */
    static Optional<JsonNode> component(String scheme) {
        return COMPONENTS.computeIfAbsent(scheme, ClassPath::describe);
    }

    private static Optional<JsonNode> describe(String scheme) {
        if (!names("component").contains(scheme)) {
            return Optional.empty();
        }
        try (InputStream service = open(SERVICES + "component/" + scheme)) {
            Properties properties = new Properties();
            properties.load(service);
            String folder = ClassUtils.classPackageAsResourcePath(
                    ClassUtils.resolveClassName(properties.getProperty("class"), null));
            try (InputStream description = open("META-INF/" + folder + "/" + scheme + ".json")) {
                return Optional.of(JSON.readTree(description));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = ClassPath.class.getClassLoader().getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("there is no " + resource);
        }
        return stream;
    }
}
