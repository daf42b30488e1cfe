package org.colleaguesearch.api;

import java.io.IOException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.colleaguesearch.settings.Settings;

/** The header that lets a call in, or null where the API needs none. Safe for any number of threads. */
interface Authorization {
    /**
     * The header to send.
     *
     * @throws IOException when no token can be had
     */
    Header header() throws IOException;

    static Authorization of(Settings.Api api) {
        Settings.Auth auth = api.auth();
        if (auth.bearerToken().isSet()) {
            return bearer(auth.bearerToken().reveal());
        }
        if (auth.apiKey().isSet()) {
            Header key = new BasicHeader(auth.apiKeyHeader(), auth.apiKey().reveal(), true);
            return () -> key;
        }
        if (auth.oauth2().tokenUrl() != null) {
            AccessTokens tokens = new AccessTokens(auth.oauth2(), api.connectTimeout(), api.responseTimeout());
            return () -> bearer(tokens.current()).header();
        }
        return () -> null;
    }

    private static Authorization bearer(String token) {
        Header header = new BasicHeader("Authorization", "Bearer " + token, true);
        return () -> header;
    }
}
