package org.colleaguesearch.routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Camel takes {@code x()} for another way to say {@code isX()} or {@code getX()}. A class that has both, public or not,
 * fails a route that asks for one of them: with an AmbiguousMethodCallException, in those starts of the JVM in which
 * reflection happens to list the getter first.
 */
class GettersTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void noClassHasAMethodNamedAsItsGetterIsForShort() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES.resolve("org/colleaguesearch"))) {
            List<String> classes = files.map(file -> CLASSES.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .toList();

            assertThat(classes).hasSizeGreaterThan(50);
            assertThat(classes.stream().flatMap(GettersTest::ambiguous)).isEmpty();
        }
    }

    private static Stream<String> ambiguous(String className) {
        Class<?> type = ClassUtils.resolveClassName(className, null);
        if (ExecutorService.class.isAssignableFrom(type)) {
            // Java has named its methods, and no route calls them.
            return Stream.of();
        }
        List<Method> visible = Stream.of(type.getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic())
                .toList();
        Set<String> names = visible.stream().map(Method::getName).collect(Collectors.toSet());
        return visible.stream()
                .filter(method -> method.getParameterCount() == 0)
                .map(Method::getName)
                .filter(name -> name.matches("(is|get)[A-Z].*"))
                .filter(name -> names.contains(StringUtils.uncapitalize(name.replaceFirst("is|get", ""))))
                .map(name -> className + "." + name);
    }
}
