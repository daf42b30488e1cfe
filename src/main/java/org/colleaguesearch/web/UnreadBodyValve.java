package org.colleaguesearch.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Reads the rest of a body that was not read, so that the client gets its response and can reuse the connection. A client
 * that sends too much, or too slowly, loses the connection: Tomcat's own time-out restarts with each byte. Stateless.
 */
final class UnreadBodyValve extends ValveBase {
    private static final int MOST = 1024 * 1024;

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        HeaderTime.headersAreRead();
        getNext().invoke(request, response);
        org.apache.coyote.Request read = request.getCoyoteRequest();
        // Not by the request's stream, which may have been closed.
        Block block = new Block();
        if (!request.isAsync()
                && !isUnsent(request, response)
                && !drain(() -> read.doRead(block), readTimeout(request))) {
            read.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** A refused client that waits for 100 Continue does not send its body; reading would request it. */
    private static boolean isUnsent(Request request, Response response) {
        return response.getStatus() >= 300 && request.getCoyoteRequest().hasExpectation();
    }

    private static Duration readTimeout(Request request) {
        AbstractProtocol<?> protocol =
                (AbstractProtocol<?>) request.getConnector().getProtocolHandler();
        return PortConfiguration.readTimeout(protocol.getConnectionTimeout());
    }

    /**
     * Reads the rest of an unwanted body, up to a time limit.
     *
     * @return whether it was read to its end; false if there is too much of it, or it comes too slowly
     */
    static boolean drain(HttpServletRequest request, Duration longest) throws IOException {
        InputStream in = request.getInputStream();
        return drain(() -> in.read(new byte[1024]), longest);
    }

    private static boolean drain(Read next, Duration longest) {
        long start = System.nanoTime();
        long length = 0;
        try {
            while (length < MOST && System.nanoTime() - start < longest.toNanos()) {
                int read = next.read();
                if (read < 0) {
                    return true;
                }
                length += read;
            }
        } catch (IOException e) {
            // Connection lost, or no byte within server.tomcat.connection-timeout.
        }
        return false;
    }

    /** Reads some bytes, and returns how many; -1 at the end. */
    private interface Read {
        int read() throws IOException;
    }

    /** Receives what Tomcat reads. */
    private static final class Block implements ApplicationBufferHandler {
        private ByteBuffer bytes;

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // Nothing is kept.
        }
    }
}
