package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.DnsResolver;
import org.colleaguesearch.failure.PausedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TimeLimitedDnsTest {
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger questions = new AtomicInteger();
    private final DnsResolver silent = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            questions.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (host.startsWith("unknown")) {
                throw new UnknownHostException(host + ": Name or service not known");
            }
            return new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 1})};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    };

    @AfterEach
    void answer() {
        answer.countDown();
    }

    @Test
    void givesTheAddresses() throws UnknownHostException {
        answer.countDown();

        assertThat(new TimeLimitedDns(silent, Duration.ofSeconds(10)).resolve("people.test"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1");
    }

    @Test
    void reportsUnknownHostAsTheNameServerDoes() {
        answer.countDown();

        assertThatThrownBy(() -> new TimeLimitedDns(silent, Duration.ofSeconds(10)).resolve("unknown.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("unknown.test: Name or service not known");
    }

    @Test
    void waitsNoLongerThanTheConnectTimeout() {
        assertThatThrownBy(() -> new TimeLimitedDns(silent, Duration.ofMillis(20)).resolve("people.test"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("people.test: the name server did not answer within 20 ms");
    }

    @Test
    void droppingTheRunEndsTheWait() {
        TimeLimitedDns dns = new TimeLimitedDns(silent, Duration.ofMinutes(10));
        RunCalls run = new RunCalls();
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread.ofPlatform().start(() -> end.set(catchThrowable(() -> run.during(() -> dns.resolve("people.test")))));
        await().until(() -> questions.get() == 1);

        run.drop();

        await().until(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(PausedException.class).hasMessage("the run is cancelled");
    }

    @Test
    void makesOneLookupForAllWaitingCalls() {
        TimeLimitedDns dns = new TimeLimitedDns(silent, Duration.ofMinutes(10));
        List<Thread> calls = new ArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            calls.add(Thread.ofPlatform().start(() -> {
                if (catchThrowable(() -> dns.resolve("people.test")) == null) {
                    answered.incrementAndGet();
                }
            }));
        }
        await().until(() -> calls.stream().allMatch(call -> call.getState() == Thread.State.TIMED_WAITING));
        assertThat(questions).hasValue(1);

        answer.countDown();

        await().until(() -> answered.get() == 20);
    }
}
