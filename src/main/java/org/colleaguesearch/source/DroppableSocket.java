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
 * Stops connecting when the run of the call is dropped, at whatever moment. A call that is cancelled has its connection
 * closed by the client, but not a socket that is not bound to the connection yet: it would go on to connect for as long as
 * that may take. Connected by the thread of its call; any thread may close it.
 */
final class DroppableSocket extends Socket {
    DroppableSocket() {}

    private DroppableSocket(Proxy proxy) {
        super(proxy);
    }

    @Override
    public void connect(SocketAddress address, int timeoutMillis) throws IOException {
        Runnable forget = RunCalls.current().onDrop(() -> Closer.closeQuietly(this));
        try {
            super.connect(address, timeoutMillis);
        } finally {
            forget.run();
        }
    }

    /** Makes connections with such sockets, and else as the client does by itself. */
    static PoolingHttpClientConnectionManagerBuilder connections() {
        return new PoolingHttpClientConnectionManagerBuilder() {
            @Override
            protected HttpClientConnectionOperator createConnectionOperator(
                    SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
                return new DefaultHttpClientConnectionOperator(
                        proxy -> proxy == null ? new DroppableSocket() : new DroppableSocket(proxy),
                        ports,
                        dns,
                        RegistryBuilder.<TlsSocketStrategy>create()
                                .register(URIScheme.HTTPS.id, tls)
                                .build());
            }
        };
    }
}
