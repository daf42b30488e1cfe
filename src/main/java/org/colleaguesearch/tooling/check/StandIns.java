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
 * What stands in for the application's beans where routes are made, but not run: objects of the same types, which are
 * asked for little, such as by a precondition, and then say yes, 0 or nothing. Immutable, and for any thread.
 */
final class StandIns {
    /** Made when the first routes are. Shared, and never changed. */
    private static final Map<String, Object> BEANS = make();

    private StandIns() {}

    /** By the beans' names. */
    static Map<String, Object> all() {
        return BEANS;
    }

    private static Map<String, Object> make() {
        Map<String, Object> beans = new HashMap<>();
        Objenesis objenesis = new SpringObjenesis();
        Beans.ofApplication().types().forEach((name, type) -> beans.put(name, make(type, objenesis)));
        return Map.copyOf(beans);
    }

    /** No constructor is run, so that nothing begins. A final class cannot have a subclass that says yes. */
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
