package org.colleaguesearch.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up hosts in separate threads, since nothing ends a wait for a name server that does not respond: a call waits
 * no longer than the connect time-out, and stops when its run is dropped. Thread-safe: concurrent lookups of a host
 * share one response, so there are no more lookups than hosts that may be called.
 */
final class TimeLimitedDns implements DnsResolver {
    private final DnsResolver dns;
    private final Duration timeout;
    private final ConcurrentHashMap<String, CompletableFuture<InetAddress[]>> lookups = new ConcurrentHashMap<>();

    TimeLimitedDns(DnsResolver dns, Duration timeout) {
        this.dns = dns;
        this.timeout = timeout;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        // A copy: cancelling it must not cancel the lookup that others wait for.
        CompletableFuture<InetAddress[]> mine =
                lookups.computeIfAbsent(host, this::lookUp).copy();
        Runnable unregister = RunCalls.current().onDrop(() -> mine.cancel(false));
        try {
            return mine.get(timeout.toNanos(), TimeUnit.NANOSECONDS).clone();
        } catch (ExecutionException e) {
            throw new UnknownHostException(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw new UnknownHostException(
                    host + ": the name server did not answer within " + timeout.toMillis() + " ms");
        } catch (CancellationException e) {
            throw RunCalls.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + ": interrupted while waiting for the name server");
        } finally {
            unregister.run();
        }
    }

    private CompletableFuture<InetAddress[]> lookUp(String host) {
        CompletableFuture<InetAddress[]> lookup = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("dns").start(() -> {
            try {
                lookup.complete(dns.resolve(host));
            } catch (UnknownHostException | RuntimeException | Error e) {
                lookup.completeExceptionally(e);
            } finally {
                lookups.remove(host);
            }
        });
        return lookup;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }
}
