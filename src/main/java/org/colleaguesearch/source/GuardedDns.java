package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Gives a connection only such addresses of a host as are in the public internet, unless the host is the people API's
 * own, which the operator has named. A host's name may lead somewhere else the next time it is asked for: what is
 * checked here is what the connection is made to.
 */
record GuardedDns(DnsResolver dns, ApiUrls api) implements DnsResolver {
    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        boolean isOwn = api.authority().equals(Authority.of("http", host, port));
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
                    "the host " + host + " leads to an address that is not in the public internet: it is not called");
        }
        return allowed;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }
}
