package org.colleaguesearch;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * The log as the first application of the JVM sets it up, for all that follow: each would else set it up anew, and take
 * it down at its end, while others beside it write. The build names it to Spring Boot; safe for use by any thread.
 */
public final class KeptLogback extends LogbackLoggingSystem {
    private static boolean isReady;

    public KeptLogback(ClassLoader classes) {
        super(classes);
    }

    /** Else the log would be silent until the next {@link #initialize}, also for those beside it. */
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
