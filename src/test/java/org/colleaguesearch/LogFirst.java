package org.colleaguesearch;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Configures logging from application.yml before the first test. Otherwise a parallel test could log earlier, and
 * Logback would complain on standard error, which some tests check.
 */
public final class LogFirst implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        LoggingSystem log = LoggingSystem.get(LogFirst.class.getClassLoader());
        log.getSystemProperties(environment).apply();
        log.initialize(new LoggingInitializationContext(environment), null, null);
    }
}
