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
 * Asks for a host's addresses in a thread of its own, since nothing ends the wait for a name server that does not answer:
 * a call waits no longer than a connection may take, and not on when its run is dropped. Any thread may ask: those that
 * ask for the same host wait for one answer, so that there are no more questions than hosts that may be called.
 */
final class AwaitedDns implements DnsResolver {
    private final DnsResolver dns;
    private final Duration timeout;
    private final ConcurrentHashMap<String, CompletableFuture<InetAddress[]>> asked = new ConcurrentHashMap<>();

    AwaitedDns(DnsResolver dns, Duration timeout) {
        this.dns = dns;
        this.timeout = timeout;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        // A copy, since others wait for the same.
        CompletableFuture<InetAddress[]> mine =
                asked.computeIfAbsent(host, this::ask).copy();
        Runnable forget = RunCalls.current().onDrop(() -> mine.cancel(false));
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
            forget.run();
        }
    }

    private CompletableFuture<InetAddress[]> ask(String host) {
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("dns").start(() -> {
            try {
                answer.complete(dns.resolve(host));
            } catch (UnknownHostException | RuntimeException | Error e) {
                answer.completeExceptionally(e);
            } finally {
                asked.remove(host);
            }
        });
        return answer;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return dns.resolveCanonicalHostname(host);
    }
}
