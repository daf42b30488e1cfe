package org.colleaguesearch.embedded;

/**
 * Ends what a start waits for when the JVM is told to end meanwhile: Spring's own shutdown waits for the start. Lifted
 * when the wait is over, since an embedded OpenSearch must then outlive what the application still has to deliver.
 */
public final class ShutdownGuard {
    private final Thread hook;

    public ShutdownGuard(Runnable end) {
        hook = new Thread(end, "end-start");
    }

    public void raise() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Does nothing where it is not raised. */
    public void lift() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs, and finds nothing to do or does it.
        }
    }
}
