package org.colleaguesearch.source;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.io.Closer;

/**
 * A socket that stops connecting when the run of its call is dropped. The client closes the connection of a cancelled
 * call, but not a socket that is not bound to the connection yet: it would keep connecting until it times out.
 * Connected by the thread of its call; any thread may close it.
 */
final class AbortableSocket extends Socket {
    AbortableSocket() {}

    private AbortableSocket(Proxy proxy) {
        super(proxy);
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
        Runnable unregister = RunCalls.current().onDrop(() -> Closer.closeQuietly(this));
        try {
            super.connect(address, timeoutMillis);
        } finally {
            unregister.run();
        }
    }

    /** Returns a connection manager builder with such sockets, otherwise the client's default. */
    static PoolingHttpClientConnectionManagerBuilder connections() {
        return new PoolingHttpClientConnectionManagerBuilder() {
            @Override
            protected HttpClientConnectionOperator createConnectionOperator(
                    SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
                return new DefaultHttpClientConnectionOperator(
                        proxy -> proxy == null ? new AbortableSocket() : new AbortableSocket(proxy),
                        ports,
                        dns,
                        RegistryBuilder.<TlsSocketStrategy>create()
                                .register(URIScheme.HTTPS.id, tls)
                                .build());
            }
        };
    }
}
