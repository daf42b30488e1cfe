package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets that must not be shown: plain, percent-encoded or in Base64, whole or in part. Thread-safe. */
final class PlantedSecrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The name of each secret by the texts that give it away. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    /** A new secret. Its halves are the same in any encoding of URLs and JSON; what is between them is not. */
    String plant(String name) {
        String first = random();
        String second = random();
        names.put(first, name);
        names.put(second, name);
        String secret = first + "/+" + second;
        base64(name, secret);
        return secret;
    }

    /** Also watches for this text in Base64, and returns that. */
    String base64(String name, String text) {
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        names.put(encoded, name + " in Base64");
        return encoded;
    }

    /** {@code place}: for the message. */
    void assertNotIn(String place, String text) {
        Map<String, String> shown = new TreeMap<>();
        names.forEach((secret, name) -> {
            int at = text.indexOf(secret);
            if (at >= 0) {
                shown.put(name, text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 100)));
            }
        });
        assertThat(shown).as(place).isEmpty();
    }

    private static String random() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
