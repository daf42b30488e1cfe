package org.colleaguesearch.embedded;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenSearch of an application that was given none: the official distribution as a child process that listens on
 * 127.0.0.1 only. {@link #start} launches it, {@link #awaitReady} waits for it, {@link #close} stops it.
 *
 * <p>Every file it needs lies in one data folder: {@code store/} (the indices), {@code config/}, {@code tmp/} and
 * {@code home/} (made anew at each start), {@code lock} (held by the application that owns the folder),
 * {@code child.properties} (which process runs there) and {@code netrc} (the user and the random password that it asks
 * for, made at each start). The distribution's own folder is only read, so applications may share it. One left running by
 * an application that was killed is stopped.
 *
 * <p>Once it is ready it is kept so: should it end by itself, it is started again on the same port and data.
 *
 * <p>Safe for use by any thread: {@code close} may be called while another thread waits in {@code awaitReady}, which
 * then throws at once.
 */
public final class EmbeddedOpenSearch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedOpenSearch.class);

    /** OpenSearch stops in under a second when idle; the rest is for flushing a large index to a slow disk. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** What ends it may take a moment to pass: another program on its port, memory that is short. */
    private static final Duration START_PAUSE = Duration.ofSeconds(5);

    private final List<RunAs> modes;
    private final Health health = new Health();
    private final ShutdownGuard guard = new ShutdownGuard(this::close);
    private final Keeper keeper = new Keeper(this::child, this::startAgain, START_PAUSE);
    private volatile boolean closed;

    // Written with this locked, and not once closed.
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
     * Launches OpenSearch and returns without waiting for it. One that a killed application left is stopped first.
     *
     * @throws StartFailure if it cannot be launched; nothing is then left running
     * @throws IllegalStateException if called twice
     */
    public synchronized void start() {
        if (closed || folder != null) {
            throw new IllegalStateException("start() may be called once");
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
        LOG.info("stopping the OpenSearch that an earlier start left behind (process {})", orphan.pid());
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
        LOG.info("Starting OpenSearch (process {}, {}); its log is {}", process.pid(), user.name(), log.file());
    }

    /**
     * Waits until OpenSearch answers on 127.0.0.1 with a cluster health of yellow or better, for at most the start
     * time-out counted from {@link #start}.
     *
     * @return its address, such as {@code http://127.0.0.1:39200}
     * @throws StartFailure if it does not come up, or is closed meanwhile; nothing is then left running
     */
    public URI awaitReady() {
        Startup waiting;
        synchronized (this) {
            if (startup == null && !closed) {
                throw new IllegalStateException("start() comes first");
            }
            waiting = startup;
        }
        try {
            return waiting == null ? url() : ready(waiting.await(() -> closed));
        } catch (RuntimeException e) {
            // Whoever closes it meanwhile waits for its end; this thread need not.
            if (!closed) {
                close();
            }
            throw e;
        }
    }

    private synchronized URI ready(int port) {
        if (!closed) {
            folder.closeKeystore();
            // Should it be started again, its clients know this one.
            settings = settings.withPort(port);
            LOG.info("OpenSearch is ready at {}; its user and password are in {}", address(), folder.loginFile());
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

    /** The login that it asks for, the same for as long as this object has it started. */
    public synchronized Login login() {
        if (login == null) {
            throw new IllegalStateException("start() comes first");
        }
        return login;
    }

    /** The process as it is now, which may be another than a moment ago. */
    private synchronized ProcessHandle child() {
        return child;
    }

    /**
     * Starts an OpenSearch that ended by itself again, and waits until it is ready; does nothing once closed.
     *
     * @throws StartFailure if it does not come up, or is closed meanwhile; nothing is then left running
     */
    private void startAgain() {
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
     * Stops OpenSearch: asks it to end, and after 30 seconds ends it. May be called twice, and before
     * {@link #start}, which then refuses.
     */
    @Override
    public void close() {
        // Set before the lock is asked for: whoever waits for the child must not take its end for a failure.
        closed = true;
        keeper.end();
        synchronized (this) {
            if (folder == null) {
                return;
            }
        }
        // Without the lock, so that a thread in awaitReady is not held up; from here on the fields do not change.
        if (child != null) {
            Stop.within(STOP_TIMEOUT, child);
        }
        guard.lift();
        folder.close(child != null && !child.isAlive());
    }
}
