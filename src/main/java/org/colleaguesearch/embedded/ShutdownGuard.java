package org.colleaguesearch.embedded;

/**
 * Stops a child whose application ends before it is ready: the application's own shutdown may not know it yet. Lifted
 * once it is ready, since it must then outlive what the application still has to deliver.
 */
final class ShutdownGuard {
    private final Thread hook;

    ShutdownGuard(Runnable stop) {
        hook = new Thread(stop, "stop-starting-opensearch");
    }

    void raise() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Does nothing where it is not raised. */
    void lift() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs, and finds nothing to do or does it.
        }
    }
}
