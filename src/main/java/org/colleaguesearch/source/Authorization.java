package org.colleaguesearch.source;

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

    /**
     * Told that the API refused a header (401).
     *
     * @return whether there is another to try
     */
    default boolean discard(Header refused) {
        return false;
    }

    /** Told that the API refused the header that came in place of a discarded one, too. */
    default void refusedAgain() {}

    static Authorization of(Settings.Api api) {
        Settings.Auth auth = api.auth();
        if (auth.bearerToken().isSet()) {
            Header token = bearer(auth.bearerToken().reveal());
            return () -> token;
        }
        if (auth.apiKey().isSet()) {
            Header key = new BasicHeader(auth.apiKeyHeader(), auth.apiKey().reveal(), true);
            return () -> key;
        }
        if (auth.oauth2().tokenUrl() != null) {
            return new OAuth2(new AccessTokens(auth.oauth2(), api));
        }
        return () -> null;
    }

    private static Header bearer(String token) {
        return new BasicHeader("Authorization", "Bearer " + token, true);
    }

    /** Access tokens, which can be renewed. */
    record OAuth2(AccessTokens tokens) implements Authorization {
        @Override
        public Header header() throws IOException {
            return bearer(tokens.current());
        }

        @Override
        public boolean discard(Header refused) {
            return tokens.discard(refused.getValue().substring("Bearer ".length()));
        }

        @Override
        public void refusedAgain() {
            tokens.keep();
        }
    }
}
