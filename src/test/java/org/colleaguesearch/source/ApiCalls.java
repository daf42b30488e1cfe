package org.colleaguesearch.source;

import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

/** Calls with the client that {@link ApiClient} sets up for the routes. */
final class ApiCalls implements AutoCloseable {
    private final CloseableHttpClient client;

    /**
     * For the API with that base URL.
     *
     * @param settings as on the command line, without dashes
     */
    ApiCalls(URI api, String... settings) {
        this(api, SystemDefaultDnsResolver.INSTANCE, settings);
    }

    /** With another DNS resolver. */
    ApiCalls(URI api, DnsResolver dns, String... settings) {
        this(api, dns, new DefaultSslBundleRegistry(), settings);
    }

    ApiCalls(URI api, DnsResolver dns, SslBundles bundles, String... settings) {
        HttpClientBuilder builder = HttpClientBuilder.create();
        Settings given = ShippedSettings.with(settings);
        new ApiClient(Settings.DEFAULT_API, given, () -> 4, new Apis(given, api), bundles, dns)
                .configureHttpClient(builder);
        client = builder.build();
    }

    /** Returns status and body of the response. */
    String get(URI url) throws IOException {
        return client.execute(
                new HttpGet(url), answer -> answer.getCode() + " " + EntityUtils.toString(answer.getEntity()));
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
