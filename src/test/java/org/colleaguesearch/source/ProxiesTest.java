package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        HttpHost found = new Proxies(null, ENVIRONMENT).determineProxy(HttpHost.create(URI.create(url)), null);

        assertThat(found == null ? "none" : found.toURI()).isEqualTo(proxy);
    }

    @Test
    void takesTheProxyThatIsSetForEveryHost() {
        Proxies proxies = new Proxies(URI.create("http://set.test:3128"), ENVIRONMENT);

        assertThat(proxies.determineProxy(new HttpHost("https", "example.org"), null))
                .hasToString("http://set.test:3128");
        assertThat(proxies.hasAuthority("set.test:3128")).isTrue();
        assertThat(proxies.hasAuthority("secure.test:3128")).isFalse();
    }

    @Test
    void takesNoneWhereNoneIsSet() {
        Proxies proxies = new Proxies(null, Map.of("HTTPS_PROXY", ""));

        assertThat(proxies.determineProxy(new HttpHost("https", "example.org"), null))
                .isNull();
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
