package org.colleaguesearch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scripted HTTP/1.1 server on 127.0.0.1. It uses plain sockets, so it can also misbehave, for example by closing the
 * connection in the middle of a reply. Connections are kept alive.
 */
public final class ScriptedServer implements AutoCloseable {
    /** Decides the reply to a request; called by many threads in parallel. */
    @FunctionalInterface
    public interface Script {
        Reply answer(Request request);
    }

    /** One reply, possibly broken. */
    @FunctionalInterface
    public interface Reply {
        void send(Connection connection) throws IOException;
    }

    /**
     * A request.
     *
     * @param target path and query as sent
     * @param headers by case-insensitive name
     * @param connection counts from 1: requests with the same number came over the same connection
     */
    public record Request(String method, String target, Map<String, String> headers, String body, int connection) {}

    private final ServerSocket listener;
    private final Script script;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    public ScriptedServer(Script script) {
        this.script = script;
        try {
            this.listener = new ServerSocket(0, 1024, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Without a trailing slash. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                threads.execute(() -> serve(socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            socket.setTcpNoDelay(true);
            for (Request request = read(in, number); request != null; request = read(in, number)) {
                script.answer(request).send(new Connection(socket, out));
                out.flush();
            }
        } catch (IOException e) {
            // The client closed the connection or the script broke it; both happen on purpose.
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in, int connection) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String[] words = start.split(" ", -1);
        return new Request(words[0], words[1], headers, new String(body, StandardCharsets.UTF_8), connection);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** Closes all connections. */
    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.close();
    }

    /** The connection that a reply is sent over. */
    public final class Connection {
        private final Socket socket;
        private final OutputStream out;

        private Connection(Socket socket, OutputStream out) {
            this.socket = socket;
            this.out = out;
        }

        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        public void write(byte[] bytes) throws IOException {
            out.write(bytes);
        }

        public void flush() throws IOException {
            out.flush();
        }

        /** Closes the connection normally, after the data written so far. */
        public void close() throws IOException {
            out.flush();
            socket.close();
        }

        /** Closes the connection with a TCP reset. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Sends nothing until the client disconnects or the server is closed. */
        public void hang() throws IOException {
            out.flush();
            int ignored = socket.getInputStream().read();
            socket.close();
        }

        /** Pauses between packets. */
        public void pause(Duration time) throws IOException {
            out.flush();
            try {
                if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                    socket.close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                socket.close();
            }
        }
    }
}
