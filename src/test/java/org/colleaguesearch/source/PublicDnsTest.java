package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses that a connection may be made to. */
class PublicDnsTest {
    private static final Predicate<String> API = "people.test:8080"::equals;

    private final AtomicInteger requests = new AtomicInteger();
    private final ScriptedServer server = new ScriptedServer(request -> {
        requests.incrementAndGet();
        return Replies.json("{}");
    });

    @AfterEach
    void closeServer() throws IOException {
        server.close();
    }

    @Test
    void givesPublicAddresses() throws UnknownHostException {
        assertThat(new PublicDns(new FixedDns("1.1.1.1"), API).resolve("other.test", 443))
                .extracting(InetSocketAddress::toString)
                .containsExactly("/1.1.1.1:443");
    }

    @Test
    void leavesOutOtherAddresses() throws UnknownHostException {
        DnsResolver dns = new FixedDns() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return new InetAddress[] {
                    InetAddress.getByName("10.0.0.1"),
                    InetAddress.getByName("1.1.1.1"),
                    InetAddress.getByName("fe80::1")
                };
            }
        };

        assertThat(new PublicDns(dns, API).resolve("other.test", 80))
                .extracting(address -> address.getAddress().getHostAddress())
                .containsExactly("1.1.1.1");
    }

    /** DNS rebinding: the attacker changes the address after the first one was checked. */
    @Test
    void checksEachAnswer() throws UnknownHostException {
        PublicDns dns = new PublicDns(new FixedDns("1.1.1.1", "127.0.0.1"), API);

        assertThat(dns.resolve("rebinding.test", 80)).hasSize(1);
        assertThatThrownBy(() -> dns.resolve("rebinding.test", 80))
                .isInstanceOf(ForbiddenAddress.class)
                .hasMessage(
                        "the host rebinding.test resolves to an address that is not public; such hosts are not called");
    }

    /** The operator has set it. */
    @Test
    void givesAnyAddressOfTheApisOwnHostAndPort() throws UnknownHostException {
        PublicDns dns = new PublicDns(new FixedDns("10.0.0.1"), API);

        assertThat(dns.resolve("People.test.", 8080)).hasSize(1);
        assertThatThrownBy(() -> dns.resolve("people.test", 9200)).isInstanceOf(ForbiddenAddress.class);
        assertThatThrownBy(() -> dns.resolve("x.people.test", 8080)).isInstanceOf(ForbiddenAddress.class);
    }

    /** The connection may fail, since nothing may listen there; what matters is that it is attempted. */
    @ParameterizedTest
    @ValueSource(strings = {"http://people.test", "https://people.test"})
    void givesAnyAddressOfTheApisOwnHostAtThePortOfItsScheme(String own) throws IOException {
        FixedDns dns = new FixedDns("127.0.0.1");
        try (ApiCalls calls = new ApiCalls(URI.create(own), dns)) {
            assertThat(catchThrowable(() -> calls.get(URI.create(own + "/")))).isNotInstanceOf(ForbiddenAddress.class);
        }

        assertThat(dns.asked()).isOne();
    }

    @Test
    void doesNotConnectToNameOfThisMachine() throws IOException {
        FixedDns dns = new FixedDns("127.0.0.1");
        try (ApiCalls calls = new ApiCalls(URI.create("http://people.test"), dns)) {
            assertThatThrownBy(() -> calls.get(URI.create("http://evil.test:" + port() + "/")))
                    .isInstanceOf(ForbiddenAddress.class);
        }

        assertThat(dns.asked()).isOne();
        assertThat(server.connections()).isZero();
    }

    /** A literal address needs no DNS lookup, but is checked all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "localhost", "127.1", "2130706433"})
    void doesNotConnectToThisMachineHoweverItIsWritten(String host) throws IOException {
        try (ApiCalls calls = new ApiCalls(URI.create("http://people.test"))) {
            assertThatThrownBy(() -> calls.get(URI.create("http://" + host + ":" + port() + "/")))
                    .isInstanceOf(IOException.class);
        }

        assertThat(server.connections()).isZero();
    }

    @Test
    void isPermanent() {
        ForbiddenAddress forbidden = new ForbiddenAddress("it is not called");

        assertThat(ApiFailures.isOfHost(forbidden)).isFalse();
        assertThat(ApiFailures.reason(forbidden)).isEqualTo("it is not called");
    }

    @Test
    void settingAllowsPrivateAddresses() throws IOException {
        try (ApiCalls calls = new ApiCalls(
                URI.create("http://people.test"),
                new FixedDns("127.0.0.1"),
                "colleagues.export.allow-private-addresses=true")) {
            assertThat(calls.get(URI.create("http://other.test:" + port() + "/")))
                    .isEqualTo("200 {}");
        }
    }

    private int port() {
        return server.url().getPort();
    }
}
