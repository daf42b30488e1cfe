package org.colleaguesearch.embedded;

/**
 * Aborts a waiting start when the JVM shuts down: Spring's own shutdown hook would wait for the start. Lifted when the
 * wait is over, since an embedded OpenSearch must then keep running until the application has delivered.
 */
public final class ShutdownGuard {
    private final Thread hook;

    public ShutdownGuard(Runnable end) {
        hook = new Thread(end, "end-start");
    }

    public void raise() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Does nothing if it is not raised. */
    public void lift() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down, so the hook runs anyway.
        }
    }
}
