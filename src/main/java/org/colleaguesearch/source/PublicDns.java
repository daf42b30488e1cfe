package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host to its public addresses only, unless the operator has set it as that of an API or a proxy. A
 * name may resolve differently the next time (DNS rebinding): a connection goes to the addresses that were checked
 * here.
 */
record PublicDns(DnsResolver dns, Predicate<String> isExempt) implements DnsResolver {
    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        boolean isOwn = isExempt.test(Authority.of("http", host, port));
        return Stream.of(isOwn ? dns.resolve(host) : resolve(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] allowed =
                Arrays.stream(dns.resolve(host)).filter(PublicAddresses::has).toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new ForbiddenAddress(
                    "the host " + host + " resolves to an address that is not public; such hosts are not called");
        }
        return allowed;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }
}
