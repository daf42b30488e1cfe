package org.colleaguesearch.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The people API over a file with one JSON object per line, for trying the program without a real API.
 *
 * <ul>
 *   <li>{@code GET /people?active=true&page=1&size=500} returns {@code {"items":[{"id","name"}],"next":"/people?…"}} in
 *       file order; {@code next} is null on the last page. Without {@code active}: everyone. {@code size} is 500 by
 *       default and at most.
 *   <li>{@code GET /people/{id}/{section}} returns {@code {"id":…,"<section>":[…]}}, with the list copied from the file
 *       byte for byte. Every field of a person that holds a list is a section.
 *   <li>{@code GET /staff} returns everyone in one array: {@link DemoSources}, which also describes the APIs below {@code
 *       /apis/}.
 * </ul>
 *
 * Errors are {@code {"error":"…"}} with status 400, 404 or 405. The server's threads keep the JVM alive until {@link #close()}. Thread-safe.
 */
public final class DemoApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoApi.class);

    /**
     * Connections waiting to be accepted: a large pool of workers opens all its connections together; the default is
     * 50.
     */
    private static final int BACKLOG = 1024;

    private final Settings.Demo settings;
    private HttpServer server;
    private boolean onlyMadeUp;
    private ExecutorService workers;

    /** Does not read the file or listen yet: see {@link #start()}. */
    public DemoApi(Settings.Demo settings) {
        this.settings = settings;
    }

    /**
     * Reads the file and listens on 127.0.0.1.
     *
     * @return the base URL, without a trailing slash, such as {@code http://127.0.0.1:8081}
     * @throws StartFailure when the file cannot be read, has a line that is not a person, or the port is in use
     */
    public synchronized URI start() {
        if (server != null) {
            throw new IllegalStateException("The demo API is already started");
        }
        PeopleFile file = new PeopleFile(settings.people());
        People people = file.read();
        onlyMadeUp = people.areMadeUp();
        server = listen();
        workers = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(workers);
        server.createContext("/", new PeopleHandler(people));
        server.createContext(DemoSources.PATH, new DemoSources(people));
        server.start();
        URI baseUrl = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        LOG.info("Demo API on {}: {} people from {}", baseUrl, people.count(), file);
        return baseUrl;
    }

    /** Whether everyone in the file is made up, as in the shipped one; false before the start. */
    public synchronized boolean hasOnlyMadeUpPeople() {
        return onlyMadeUp;
    }

    /** Stops listening and drops open connections; does nothing when not started. */
    @Override
    public synchronized void close() {
        if (server == null) {
            return;
        }
        server.stop(0);
        workers.shutdownNow();
        server = null;
        workers = null;
    }

    private HttpServer listen() {
        tuneServer();
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return HttpServer.create(new InetSocketAddress(loopback, settings.port()), BACKLOG);
        } catch (BindException e) {
            throw new StartFailure(
                    "colleagues.demo.port: port %d on 127.0.0.1 is in use; stop the program that listens there, or set another port, or 0 for any free one"
                            .formatted(settings.port()),
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.demo.port: cannot listen on 127.0.0.1:%d (%s); set another port, or 0 for any free one"
                            .formatted(settings.port(), e.getMessage()),
                    e);
        }
    }

    /** The JDK's server reads these properties once, when it is first created; values set with -D take precedence. */
    private static void tuneServer() {
        // Before JDK 23 (JDK-6968351) it writes headers and body separately. With Nagle's algorithm, a small body then
        // waits for the client's delayed acknowledgement of the headers: 40 ms per call on a kept-alive connection.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
        // By default it closes a kept-alive connection while 200 others are idle: a client with more workers would find
        // its connections closed and have to retry.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxIdleConnections", "10000");
    }
}
