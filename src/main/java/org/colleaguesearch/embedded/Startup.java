package org.colleaguesearch.embedded;

import java.net.URI;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;

/** A launched child process that is not ready yet. */
final class Startup {
    private static final long POLL_MILLIS = 100;

    private final Process process;
    private final ChildLog log;
    private final Settings.Embedded settings;
    private final Health health;
    private final Login login;
    private final long launched = System.nanoTime();

    Startup(Process process, ChildLog log, Settings.Embedded settings, Health health, Login login) {
        this.process = process;
        this.log = log;
        this.settings = settings;
        this.health = health;
        this.login = login;
    }

    /**
     * Waits until the child is ready.
     *
     * @param closed whether the child is being stopped on purpose
     * @return its TCP port
     * @throws StartFailure if it exits, is stopped, or takes longer than the start time-out
     */
    int await(BooleanSupplier closed) {
        while (!ended()) {
            if (closed.getAsBoolean()) {
                throw stopped();
            }
            // From the log, not the settings: another program may have just taken the port.
            OptionalInt port = log.port();
            if (port.isPresent()) {
                URI url = URI.create("http://127.0.0.1:" + port.getAsInt());
                OptionalInt status = health.isGood(url, login) ? health.statusWithoutLogin(url) : OptionalInt.empty();
                if (status.isPresent()) {
                    checkPrivate(status.getAsInt());
                    return port.getAsInt();
                }
            }
            if (System.nanoTime() - launched > settings.startTimeout().toNanos()) {
                throw new StartFailure(Symptom.tooSlow(settings, log, port));
            }
        }
        if (closed.getAsBoolean()) {
            throw stopped();
        }
        throw new StartFailure(Symptom.explain(settings, log, process.exitValue()));
    }

    /** A distribution may ignore the plugin that requires the login. */
    private static void checkPrivate(int statusWithoutLogin) {
        if (statusWithoutLogin != 401) {
            throw new StartFailure("the OpenSearch in colleagues.opensearch.embedded.home accepts requests without the"
                    + " password, so every user of this machine could change the index: set it to an OpenSearch 3.6"
                    + " distribution, or unset it");
        }
    }

    private boolean ended() {
        try {
            return process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting OpenSearch", e);
        }
    }

    static StartFailure stopped() {
        return new StartFailure("OpenSearch was stopped before it was ready: the application is shutting down");
    }
}
