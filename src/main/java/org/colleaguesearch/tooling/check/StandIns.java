package org.colleaguesearch.tooling.check;

import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.objenesis.Objenesis;
import org.springframework.objenesis.SpringObjenesis;

/**
 * Stand-ins for the application's beans, of the same types, for routes that are made but not run. The few calls that
 * happen, such as from preconditions, return true, 0, an empty string or null. Immutable and thread-safe.
 */
final class StandIns {
    /** Made for the first check. Shared and immutable. */
    private static final Map<String, Object> BEANS = make();

    private StandIns() {}

    /** The stand-ins, by the names of the beans. */
    static Map<String, Object> all() {
        return BEANS;
    }

    private static Map<String, Object> make() {
        Map<String, Object> beans = new HashMap<>();
        Objenesis objenesis = new SpringObjenesis();
        Beans.ofApplication().types().forEach((name, type) -> beans.put(name, make(type, objenesis)));
        return Map.copyOf(beans);
    }

    /** Runs no constructor, so that nothing starts. A final class has no proxy: its own methods are called. */
    private static Object make(Class<?> type, Objenesis objenesis) {
        if (Modifier.isFinal(type.getModifiers())) {
            return objenesis.newInstance(type);
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
