package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HTTPS_PROXY", "http://secure.test:3128",
            "http_proxy", "plain.test:8080",
            "NO_PROXY", "example.org, .inner.test,*.star.test,ported.test:443,10.0.0.1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://api.test           | http://secure.test:3128",
                "http://api.test:8000       | http://plain.test:8080",
                "https://example.org        | none",
                "https://people.example.org | none",
                "https://notexample.org     | http://secure.test:3128",
                "https://a.inner.test       | none",
                "https://A.Star.test        | none",
                "https://ported.test        | none",
                "https://10.0.0.1           | none",
                "https://localhost          | none",
                "http://127.0.0.1:9200      | none",
            })
    void takesTheProxyOfTheEnvironment(String url, String proxy) {
        HttpHost found =
                new Proxies(null, ENVIRONMENT, host -> true).determineProxy(HttpHost.create(URI.create(url)), null);

        assertThat(found == null ? "none" : found.toURI()).isEqualTo(proxy);
    }

    @Test
    void takesTheProxyThatIsSetForEveryHost() {
        Proxies proxies = new Proxies(URI.create("http://set.test:3128"), ENVIRONMENT, host -> true);

        assertThat(proxies.determineProxy(new HttpHost("https", "example.org"), null))
                .hasToString("http://set.test:3128");
        assertThat(proxies.hasAuthority("set.test:3128")).isTrue();
        assertThat(proxies.hasAuthority("secure.test:3128")).isFalse();
    }

    @Test
    void takesNoneWhereNoneIsSet() {
        Proxies proxies = new Proxies(null, Map.of("HTTPS_PROXY", ""), host -> true);

        assertThat(proxies.determineProxy(new HttpHost("https", "example.org"), null))
                .isNull();
    }

    @Test
    void takesNoneForHostsWhoseAddressIsChecked() {
        Proxies proxies = new Proxies(null, ENVIRONMENT, "api.test:443"::equals);

        assertThat(proxies.determineProxy(new HttpHost("https", "api.test"), null))
                .isNotNull();
        assertThat(proxies.determineProxy(new HttpHost("https", "other.test"), null))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://ada:hunter2@proxy.test:3128", "http://ada:hunter%ss@proxy.test", "socks5://proxy.test"})
    void namesTheVariableOfAProxyThatCannotBeUsedButNotItsValue(String proxy) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> new Proxies(null, Map.of("HTTPS_PROXY", proxy), host -> true))
                .withMessageContaining("HTTPS_PROXY")
                .withMessageNotContaining("hunter");
    }

    /** Otherwise its response would be taken for the API's. */
    @ParameterizedTest
    @ValueSource(ints = {203, 407})
    void refusedTunnelIsNoResponseOfTheApi(int status) throws IOException {
        try (ScriptedServer proxy = new ScriptedServer(request -> Replies.status(status, "{}"));
                ApiCalls calls =
                        new ApiCalls(URI.create("https://api.test"), "colleagues.apis.default.proxy=" + proxy.url())) {
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> calls.get(URI.create("https://api.test/people")))
                    .withMessageContaining("refused the connection: HTTP " + status);
        }
    }

    @Test
    void callsTheApiThroughTheProxy() throws IOException {
        Queue<String> targets = new ConcurrentLinkedQueue<>();
        try (ScriptedServer proxy = new ScriptedServer(request -> {
                    targets.add(request.target());
                    return Replies.json("{}");
                });
                ApiCalls calls =
                        new ApiCalls(URI.create("http://api.test"), "colleagues.apis.default.proxy=" + proxy.url())) {
            assertThat(calls.get(URI.create("http://api.test/people"))).isEqualTo("200 {}");
        }

        assertThat(targets).containsExactly("http://api.test/people");
    }
}
