package org.colleaguesearch.routes.contract;

import java.util.HashSet;
import java.util.Set;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.SimpleBeanDefinitionRegistry;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.util.ClassUtils;

/** The names of the beans that the main code declares, whatever the settings. */
final class Beans {
    private Beans() {}

    static Set<String> names() {
        Set<String> names = new HashSet<>();
        for (BeanDefinition component :
                new ClassPathScanningCandidateComponentProvider(true).findCandidateComponents("org.colleaguesearch")) {
            names.add(AnnotationBeanNameGenerator.INSTANCE.generateBeanName(
                    component, new SimpleBeanDefinitionRegistry()));
            Class<?> type = ClassUtils.resolveClassName(component.getBeanClassName(), null);
            for (var method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Bean.class)) {
                    names.add(method.getName());
                }
            }
        }
        return names;
    }
}
