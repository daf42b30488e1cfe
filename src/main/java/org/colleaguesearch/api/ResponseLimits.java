package org.colleaguesearch.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Ends an answer that is too large, counted after decompression, or that is not complete in time. The client's own
 * response time-out only limits the silence between two packets, so an answer that drips would go on for ever.
 */
record ResponseLimits(long maxBytes, Duration maxTime) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        long deadline = System.nanoTime() + maxTime.toNanos();
        ClassicHttpResponse response = head(request, scope, chain);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new HttpEntityWrapper(entity) {
                @Override
                public InputStream getContent() throws IOException {
                    return new LimitedStream(super.getContent(), scope, deadline);
                }
            });
        }
        return response;
    }

    /** The answer up to its headers. Its own thread waits for them at the socket, so another one has to end that. */
    private ClassicHttpResponse head(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        wait.orTimeout(maxTime.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            if (scope.originalRequest instanceof CancellableDependency call) {
                call.cancel();
            }
            return null;
        });
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            if (wait.complete(null)) {
                return response;
            }
            throw incomplete();
        } catch (IOException e) {
            throw wait.complete(null) ? e : incomplete();
        } finally {
            wait.complete(null);
        }
    }

    private SocketTimeoutException incomplete() {
        return new SocketTimeoutException("the answer is not complete after " + maxTime.toMillis() + " ms");
    }

    private final class LimitedStream extends FilterInputStream {
        private final ExecChain.Scope scope;
        private final long deadline;
        private long bytes;

        LimitedStream(InputStream content, ExecChain.Scope scope, long deadline) {
            super(content);
            this.scope = scope;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws IOException {
            bytes += read;
            if (bytes > maxBytes) {
                discard();
                throw new LastingFailure("the answer is larger than max-response-size, " + maxBytes + " bytes");
            }
            if (System.nanoTime() - deadline > 0) {
                discard();
                throw incomplete();
            }
        }

        /** Closes the connection, since closing the stream would first read all the rest. */
        private void discard() {
            scope.execRuntime.discardEndpoint();
        }
    }
}
