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
 * Reads the rest of an unread body, so that the client gets its response and can reuse the connection. Closes the connection
 * of a client that sends too much, or too slowly: Tomcat's own time-out restarts with each byte. Stateless.
 */
final class UnreadBodyValve extends ValveBase {
    private static final int MAX_BYTES = 1024 * 1024;

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        HeaderTimeout.headersAreRead();
        getNext().invoke(request, response);
        org.apache.coyote.Request read = request.getCoyoteRequest();
        // Not through the request's stream, which may be closed.
        Block block = new Block();
        if (!request.isAsync()
                && !isUnsent(request, response)
                && !drain(() -> read.doRead(block), readTimeout(request))) {
            read.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** A refused client that waits for 100 Continue does not send its body; reading would ask for it. */
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
     * @return whether it was read to its end; false if it is too large or too slow
     */
    static boolean drain(HttpServletRequest request, Duration limit) throws IOException {
        InputStream in = request.getInputStream();
        return drain(() -> in.read(new byte[1024]), limit);
    }

    private static boolean drain(Read next, Duration limit) {
        long start = System.nanoTime();
        long length = 0;
        try {
            while (length < MAX_BYTES && System.nanoTime() - start < limit.toNanos()) {
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

    /** Reads some bytes and returns their number; -1 at the end. */
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
