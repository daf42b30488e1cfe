package org.colleaguesearch.embedded;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenSearch of an application without a configured one: the official distribution as a child process that listens
 * on 127.0.0.1 only. {@link #start} launches it, {@link #awaitReady} waits for it, {@link #close} stops it.
 *
 * <p>All its files are in one data folder: {@code store/} (the indices), {@code config/}, {@code tmp/} and
 * {@code home/} (recreated at each start), {@code lock} (held by the application that owns the folder),
 * {@code child.properties} (which process runs there) and {@code netrc} (the user and the random password, created at
 * each start). The distribution is only read, so applications may share it. An OpenSearch that a killed application
 * left running is stopped.
 *
 * <p>Once ready, it is restarted on the same port and data if it exits unexpectedly.
 *
 * <p>Thread-safe: {@code close} may be called while another thread waits in {@code awaitReady}, which then throws
 * immediately.
 */
public final class EmbeddedOpenSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedOpenSearch.class);

    /** OpenSearch stops in under a second when idle; the rest is for flushing a large index to a slow disk. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** The cause of an exit may take a moment to pass: another program on its port, a memory shortage. */
    private static final Duration START_PAUSE = Duration.ofSeconds(5);

    private final List<RunAs> modes;
    private final Health health = new Health();
    private final ShutdownGuard guard = new ShutdownGuard(this::close);
    private final Keeper keeper = new Keeper(this::child, this::restart, START_PAUSE);
    private volatile boolean closed;

    // Guarded by this; not written after close.
    private Settings.Embedded settings;
    private DataFolder folder;
    private ProcessHandle child;
    private Startup startup;
    private Login login;

    public EmbeddedOpenSearch(Settings.Embedded settings) {
        this(settings, RunAs.ALL);
    }

    EmbeddedOpenSearch(Settings.Embedded settings, List<RunAs> modes) {
        this.settings = settings;
        this.modes = modes;
    }

    /**
     * Launches OpenSearch and returns without waiting for it. Stops one that a killed application left running first.
     *
     * @throws StartFailure if it cannot be launched; no process is then left running
     * @throws IllegalStateException if called twice
     */
    public synchronized void start() {
        if (closed || folder != null) {
            throw new IllegalStateException("start() may be called only once");
        }
        Launch launch = new Launch(settings, Distribution.find(settings.home()));
        folder = DataFolder.open(settings.data());
        try {
            guard.raise();
            folder.readRecord().flatMap(ChildRecord::process).ifPresent(EmbeddedOpenSearch::stopOrphan);
            launch(launch);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void stopOrphan(ProcessHandle orphan) {
        LOG.info("stopping an OpenSearch left running by an earlier start (process {})", orphan.pid());
        Stop.within(STOP_TIMEOUT, orphan);
    }

    private void launch(Launch launch) {
        Preflight.check(settings);
        RunAs user = RunAs.choose(modes, Probe::succeeds);
        if (login == null) {
            login = Login.make();
        }
        folder.prepare(launch.distribution(), login, user.owner());
        user.checkAccess(launch.distribution(), folder);
        ChildLog log = ChildLog.open(settings.log());
        Process process = launch.run(user, folder, log);
        child = process.toHandle();
        startup = new Startup(process, log, settings, health, login);
        folder.write(ChildRecord.of(child));
        LOG.info("starting OpenSearch (process {}, {}); log: {}", process.pid(), user.name(), log.file());
    }

    /**
     * Waits until OpenSearch answers on 127.0.0.1 with a cluster health of yellow or better. The start time-out counts
     * from {@link #start}.
     *
     * @return its address, such as {@code http://127.0.0.1:39200}
     * @throws StartFailure if it does not become ready or is closed meanwhile; no process is then left running
     */
    public URI awaitReady() {
        Startup waiting;
        synchronized (this) {
            if (startup == null && !closed) {
                throw new IllegalStateException("call start() first");
            }
            waiting = startup;
        }
        try {
            return waiting == null ? url() : ready(waiting.await(() -> closed));
        } catch (RuntimeException e) {
            // If another thread closes it, that thread waits for the exit.
            if (!closed) {
                close();
            }
            throw e;
        }
    }

    private synchronized URI ready(int port) {
        if (!closed) {
            folder.closeKeystore();
            // Clients know this port, so a restart has to keep it.
            settings = settings.withPort(port);
            LOG.info("OpenSearch is ready at {}; user and password: {}", address(), folder.loginFile());
        }
        return url();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + settings.port());
    }

    private synchronized URI url() {
        if (closed) {
            throw Startup.stopped();
        }
        guard.lift();
        keeper.begin();
        return address();
    }

    /** The login that it requires; a restart keeps it. */
    public synchronized Login login() {
        if (login == null) {
            throw new IllegalStateException("call start() first");
        }
        return login;
    }

    /** The current process; a restart replaces it. */
    private synchronized ProcessHandle child() {
        return child;
    }

    /**
     * Restarts an OpenSearch that exited unexpectedly, and waits until it is ready. Does nothing once closed.
     *
     * @throws StartFailure if it does not become ready or is closed meanwhile; no process is then left running
     */
    private void restart() {
        Startup waiting;
        synchronized (this) {
            if (closed) {
                return;
            }
            launch(new Launch(settings, Distribution.find(settings.home())));
            waiting = startup;
        }
        try {
            ready(waiting.await(() -> closed));
        } catch (RuntimeException e) {
            Stop.within(STOP_TIMEOUT, child());
            throw e;
        }
    }

    /**
     * Stops OpenSearch: terminates it, and kills it after 30 seconds. May be called repeatedly, and before
     * {@link #start}, which then throws.
     */
    @Override
    public void close() {
        // Set before locking: a thread that waits for the child must not take its exit for a failure.
        closed = true;
        keeper.end();
        synchronized (this) {
            if (folder == null) {
                return;
            }
        }
        // Unlocked, so that a thread in awaitReady is not blocked; the fields no longer change.
        if (child != null) {
            Stop.within(STOP_TIMEOUT, child);
        }
        guard.lift();
        folder.close(child != null && !child.isAlive());
    }
}
