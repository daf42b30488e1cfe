package org.colleaguesearch;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Sets up the log as application.yml says before the first test: of tests that run at once, some would else log before
 * there is one, of which Logback complains on standard error, where some tests look.
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
