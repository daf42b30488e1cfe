package org.colleaguesearch;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Keeps the logging configuration of the first application in the JVM for all later ones. Otherwise each would
 * reconfigure logging, and shut it down at its end, while others log. The build registers it with Spring Boot.
 * Thread-safe.
 */
public final class KeptLogback extends LogbackLoggingSystem {
    private static boolean isReady;

    public KeptLogback(ClassLoader classes) {
        super(classes);
    }

    /** Otherwise logging would be off until the next {@link #initialize}, also for concurrent applications. */
    @Override
    public void beforeInitialize() {}

    @Override
    public void initialize(LoggingInitializationContext context, String configuration, LogFile file) {
        synchronized (KeptLogback.class) {
            if (!isReady) {
                super.beforeInitialize();
                super.initialize(context, configuration, file);
                isReady = true;
            }
        }
    }

    @Override
    public void cleanUp() {}
}
