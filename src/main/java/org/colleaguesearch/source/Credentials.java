package org.colleaguesearch.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.colleaguesearch.settings.Settings;
import org.springframework.http.HttpHeaders;

/** The credentials of calls to the API, as a header. {@link #of} chooses their kind. Thread-safe. */
interface Credentials {
    /**
     * Returns the header to send, or null if the API needs none.
     *
     * @throws IOException when no token is available
     */
    Header header() throws IOException;

    /**
     * Called when the API refused a header (401).
     *
     * @return whether the next {@link #header()} is another one
     */
    default boolean discard(Header refused) {
        return false;
    }

    /** Called when the API also refused the header that replaced a discarded one. */
    default void refusedAgain() {}

    /** {@code tls} and {@code proxies}: for connections to the token endpoint. */
    static Credentials of(NamedApi api, TlsSocketStrategy tls, Proxies proxies) {
        Settings.Auth auth = api.settings().auth();
        if (auth.oauth2().tokenUrl() != null) {
            return new AccessTokens(api, tls, proxies);
        }
        Header header = constant(auth);
        return () -> header;
    }

    /** Null if there are none, or if they are not sent as a header. */
    private static Header constant(Settings.Auth auth) {
        if (auth.bearerToken().isSet()) {
            return bearer(auth.bearerToken().reveal());
        }
        if (auth.apiKey().isSet() && auth.apiKeyQuery() == null) {
            return new BasicHeader(auth.apiKeyHeader(), auth.apiKey().reveal(), true);
        }
        if (!auth.username().isEmpty()) {
            String encoded =
                    HttpHeaders.encodeBasicAuth(auth.username(), auth.password().reveal(), StandardCharsets.UTF_8);
            return new BasicHeader(HttpHeaders.AUTHORIZATION, "Basic " + encoded, true);
        }
        return null;
    }

    static Header bearer(String token) {
        return new BasicHeader("Authorization", "Bearer " + token, true);
    }
}
