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
 * Reads what nobody has read of a body, so that the client gets its answer and can use the connection again. Whoever
 * sends much, or slowly, gets the answer and loses the connection: Tomcat itself would wait for each byte anew. Stateless.
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
        // The stream of the request may have been closed.
        Block block = new Block();
        if (!request.isAsync()
                && !isUnsent(request, response)
                && !drain(() -> read.doRead(block), readTimeout(request))) {
            read.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** A client that waits for 100 and is refused does not send its body, and reading would ask for it. */
    private static boolean isUnsent(Request request, Response response) {
        return response.getStatus() >= 300 && request.getCoyoteRequest().hasExpectation();
    }

    private static Duration readTimeout(Request request) {
        AbstractProtocol<?> protocol =
                (AbstractProtocol<?>) request.getConnector().getProtocolHandler();
        return PortConfiguration.readTimeout(protocol.getConnectionTimeout());
    }

    /**
     * Reads the rest of a body that nobody wants, while it comes within a time.
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
            // Torn, or no byte within server.tomcat.connection-timeout.
        }
        return false;
    }

    /** Reads some bytes, and returns how many; -1 at the end. */
    private interface Read {
        int read() throws IOException;
    }

    /** Where Tomcat leaves what it has read. */
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
