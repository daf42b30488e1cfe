package org.colleaguesearch.web;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Settings.Scope;

/**
 * A new API key, shown only once.
 *
 * @param text the key as a client sends it: {@code <name>.<secret>}
 * @param kept the part that is stored
 */
public record NewKey(String text, ApiKey kept) {
    private static final int SECRET_BYTES = 32;

    public static NewKey make(String name, Set<Scope> scopes) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return new NewKey(name + "." + secret, new ApiKey(name, KeyHash.of(secret), scopes));
    }

    /** The lines of {@code application.yml} that admit the key. */
    public String settings() {
        return """
                colleagues:
                  web:
                    keys:
                      - name: %s
                        hash: %s
                        scopes: %s""".formatted(
                        kept.name(),
                        kept.hash(),
                        kept.scopes().stream().sorted().map(Scope::toString).collect(Collectors.joining(", ")));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return kept.name();
    }
}
