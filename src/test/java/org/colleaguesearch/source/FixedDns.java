package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;

/** Resolves every host to these addresses: the first on the first lookup, and so on, then always the last. */
class FixedDns implements DnsResolver {
    private final List<String> addresses;
    private final AtomicInteger asked = new AtomicInteger();

    FixedDns(String... addresses) {
        this.addresses = List.of(addresses);
    }

    int asked() {
        return asked.get();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        int index = Math.min(asked.getAndIncrement(), addresses.size() - 1);
        return new InetAddress[] {InetAddress.getByName(addresses.get(index))};
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
