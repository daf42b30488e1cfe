package org.colleaguesearch.tooling.check;

import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.camel.spi.Registry;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.objenesis.Objenesis;
import org.springframework.objenesis.SpringObjenesis;

/**
 * Stand-ins for the application's beans, of the same types, for routes that are made but not run. The few calls that
 * happen, such as from preconditions, return true, 0, an empty string or null. Thread-safe.
 */
final class StandIns {
    /** Each is made when a route first needs it, since most are never needed. Shared, also by threads. */
    private static final Map<Class<?>, Object> MADE = new ConcurrentHashMap<>();

    private static final Objenesis OBJENESIS = new SpringObjenesis();

    private StandIns() {}

    static void bind(Registry registry) {
        Beans.ofApplication()
                .types()
                .forEach((name, type) -> registry.bind(name, type, () -> MADE.computeIfAbsent(type, StandIns::make)));
    }

    /** Runs no constructor, so that nothing starts. A final class has no proxy: its own methods are called. */
    private static Object make(Class<?> type) {
        if (Modifier.isFinal(type.getModifiers())) {
            return OBJENESIS.newInstance(type);
        }
        ProxyFactory subclass = new ProxyFactory();
        subclass.setTargetClass(type);
        subclass.setProxyTargetClass(true);
        subclass.addAdvice((MethodInterceptor) StandIns::answer);
        return subclass.getProxy(type.getClassLoader());
    }

    private static Object answer(MethodInvocation call) {
        Class<?> type = call.getMethod().getReturnType();
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        return type == String.class ? "" : null;
    }
}
