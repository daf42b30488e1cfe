package org.colleaguesearch.runs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SchedulerFactory;
import org.quartz.spi.OperableTrigger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Lets every {@code quartz:} route with a cron expression go off by a {@link ClockTrigger}. Camel makes the trigger of a
 * route itself, and the class in which Quartz calculates times is final, so a scheduler replaces the triggers it gets.
 */
@Configuration(proxyBeanMethods = false)
class ClockSchedulers {
    @Bean
    static ComponentCustomizer clockTriggers() {
        // After Camel's own, which sets the options that a scheduler is made with.
        return ComponentCustomizer.builder(QuartzComponent.class)
                .withOrder(Ordered.LOWEST_PRECEDENCE)
                .build(component -> component.setSchedulerFactory(new Factory(component.getSchedulerFactory())));
    }

    private record Factory(SchedulerFactory factory) implements SchedulerFactory {
        @Override
        public Scheduler getScheduler() throws SchedulerException {
            return replacing(factory.getScheduler());
        }

        @Override
        public Scheduler getScheduler(String name) throws SchedulerException {
            return replacing(factory.getScheduler(name));
        }

        @Override
        public Collection<Scheduler> getAllSchedulers() throws SchedulerException {
            return factory.getAllSchedulers();
        }
    }

    private static Scheduler replacing(Scheduler scheduler) {
        return (Scheduler) Proxy.newProxyInstance(
                Scheduler.class.getClassLoader(),
                new Class<?>[] {Scheduler.class},
                (proxy, method, arguments) -> call(scheduler, method, arguments));
    }

    private static Object call(Scheduler scheduler, Method method, Object[] arguments) throws Throwable {
        OperableTrigger given = null;
        OperableTrigger replacement = null;
        for (int i = 0; arguments != null && i < arguments.length; i++) {
            if (arguments[i] instanceof CronTrigger cron && !(cron instanceof ClockTrigger)) {
                given = (OperableTrigger) cron;
                replacement = (OperableTrigger) ClockTrigger.of(cron);
                arguments[i] = replacement;
            }
        }
        try {
            Object answer = method.invoke(scheduler, arguments);
            if (given != null) {
                // For Camel's line in the log.
                given.setNextFireTime(replacement.getNextFireTime());
            }
            return answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
