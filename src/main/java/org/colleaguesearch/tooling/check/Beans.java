package org.colleaguesearch.tooling.check;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.SimpleBeanDefinitionRegistry;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.util.ClassUtils;

/** The application's beans, regardless of settings, and the methods of their classes. Immutable. */
record Beans(Map<String, Class<?>> types) {
    private static final String PACKAGE = "org.colleaguesearch";

    /** Scanned at the first check. Shared and immutable. */
    private static final class Application {
        private static final Beans BEANS = new Beans(find());
    }

    static Beans ofApplication() {
        return Application.BEANS;
    }

    private static Map<String, Class<?>> find() {
        Map<String, Class<?>> types = new HashMap<>();
        for (BeanDefinition component :
                new ClassPathScanningCandidateComponentProvider(true).findCandidateComponents(PACKAGE)) {
            Class<?> type = ClassUtils.resolveClassName(component.getBeanClassName(), null);
            types.put(
                    AnnotationBeanNameGenerator.INSTANCE.generateBeanName(
                            component, new SimpleBeanDefinitionRegistry()),
                    type);
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Bean.class)) {
                    types.put(method.getName(), method.getReturnType());
                }
            }
        }
        return Map.copyOf(types);
    }

    /** The names of the methods that routes can call, inherited ones included. */
    Set<String> methods(String bean) {
        return Stream.of(types.get(bean).getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers())
                        && !method.isSynthetic()
                        && method.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
