package org.colleaguesearch.source;

import java.io.IOException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.colleaguesearch.settings.Settings;

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

    static Credentials of(Settings.Api api) {
        Settings.Auth auth = api.auth();
        if (auth.oauth2().tokenUrl() != null) {
            return new AccessTokens(auth.oauth2(), api);
        }
        Header header = auth.bearerToken().isSet()
                ? bearer(auth.bearerToken().reveal())
                : auth.apiKey().isSet()
                        ? new BasicHeader(auth.apiKeyHeader(), auth.apiKey().reveal(), true)
                        : null;
        return () -> header;
    }

    static Header bearer(String token) {
        return new BasicHeader("Authorization", "Bearer " + token, true);
    }
}
