package org.colleaguesearch;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/**
 * What holds for all tests of a JVM, before the first begins. Logging is configured from application.yml: otherwise a
 * parallel test could log earlier, and Logback would complain on standard error, which some tests check. A wait that
 * names no limit of its own may take as long as a slow machine needs: its limit only ends a test that has failed.
 */
public final class BeforeTests implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(5));
        ConfigurableEnvironment environment = new StandardEnvironment();
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        LoggingSystem log = LoggingSystem.get(BeforeTests.class.getClassLoader());
        log.getSystemProperties(environment).apply();
        log.initialize(new LoggingInitializationContext(environment), null, null);
    }
}
