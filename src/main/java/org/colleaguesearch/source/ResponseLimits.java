package org.colleaguesearch.source;

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
 * Ends a call whose response is too large, counted after decompression, or not complete in time, and the call of an
 * export that is cancelled. The client's own response time-out only limits the silence between two packets: a response
 * that drips would never end.
 */
record ResponseLimits(long maxBytes, Duration maxTime) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Limit limit = new Limit(scope);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                limit.end();
            } else {
                response.setEntity(new HttpEntityWrapper(entity) {
                    @Override
                    public InputStream getContent() throws IOException {
                        return new LimitedStream(super.getContent(), scope, limit);
                    }
                });
            }
            limit.check();
            return response;
        } catch (TokenUnavailable e) {
            // The token is the reason, even if the wait for it took all the time.
            limit.end();
            throw e;
        } catch (IOException | HttpException | RuntimeException e) {
            limit.end();
            limit.check();
            throw e;
        }
    }

    /**
     * The time limit of a call, from the request to the end of its response. The call's own thread blocks on the
     * socket, so another thread must end that: a timer's, or the one that cancels the run.
     */
    private final class Limit {
        private final CompletableFuture<Void> wait = new CompletableFuture<>();

        Limit(ExecChain.Scope scope) {
            Runnable cancel = () -> {
                if (scope.originalRequest instanceof CancellableDependency call) {
                    call.cancel();
                }
            };
            Runnable unregister = RunCalls.current().onDrop(cancel);
            CompletableFuture<Void> unused = wait.orTimeout(maxTime.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((ended, late) -> {
                        unregister.run();
                        if (late != null) {
                            cancel.run();
                        }
                    });
        }

        void end() {
            wait.complete(null);
        }

        /** Throws when the time is up. */
        void check() throws SocketTimeoutException {
            if (wait.isCompletedExceptionally()) {
                throw new SocketTimeoutException("the response is not complete after " + maxTime.toMillis() + " ms");
            }
        }
    }

    private final class LimitedStream extends FilterInputStream {
        private final ExecChain.Scope scope;
        private final Limit limit;
        private long bytes;

        LimitedStream(InputStream content, ExecChain.Scope scope, Limit limit) {
            super(content);
            this.scope = scope;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            try {
                int read = super.read();
                count(read < 0 ? -1 : 1);
                return read;
            } catch (IOException e) {
                throw ended(e);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int read = super.read(buffer, offset, length);
                count(read);
                return read;
            } catch (IOException e) {
                throw ended(e);
            }
        }

        private void count(int read) throws IOException {
            if (read < 0) {
                limit.end();
            }
            limit.check();
            bytes += Math.max(read, 0);
            if (bytes > maxBytes) {
                throw new PermanentFailure("the response is larger than max-response-size, " + maxBytes + " bytes");
            }
        }

        /** Closes the connection, since closing the stream would first read the rest. */
        private IOException ended(IOException failure) throws IOException {
            limit.end();
            scope.execRuntime.discardEndpoint();
            limit.check();
            return failure;
        }

        /** May read the rest, within the same time limit. */
        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                limit.end();
            }
            limit.check();
        }
    }
}
