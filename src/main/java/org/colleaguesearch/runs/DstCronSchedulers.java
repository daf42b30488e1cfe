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
 * Makes every {@code quartz:} route with a cron expression use a {@link DstCronTrigger}. Camel creates the trigger of a
 * route itself, and Quartz's class that calculates the times is final, so a proxy of the scheduler replaces triggers.
 */
@Configuration(proxyBeanMethods = false)
class DstCronSchedulers {
    @Bean
    static ComponentCustomizer clockTriggers() {
        // After Camel's own customizer, which sets the options of the scheduler.
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
            if (arguments[i] instanceof CronTrigger cron && !(cron instanceof DstCronTrigger)) {
                given = (OperableTrigger) cron;
                replacement = (OperableTrigger) DstCronTrigger.of(cron);
                arguments[i] = replacement;
            }
        }
        try {
            Object answer = method.invoke(scheduler, arguments);
            if (given != null) {
                // Camel logs it.
                given.setNextFireTime(replacement.getNextFireTime());
            }
            return answer;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
