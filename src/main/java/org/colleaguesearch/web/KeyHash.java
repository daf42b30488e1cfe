package org.colleaguesearch.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The salted hash of a key's secret: {@code sha256:<salt>:<hash>}, both base64url. It is computed for each request; a fast
 * hash is safe because a secret has 256 random bits. Immutable.
 */
final class KeyHash {
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] salt;
    private final byte[] hash;

    private KeyHash(byte[] salt, byte[] hash) {
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes a secret with a new salt. */
    static KeyHash of(String secret) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new KeyHash(salt, hash(salt, secret));
    }

    /** The inverse of {@link #toString}. */
    static KeyHash parse(String text) {
        String[] parts = text.split(":", -1);
        return new KeyHash(
                Base64.getUrlDecoder().decode(parts[1]), Base64.getUrlDecoder().decode(parts[2]));
    }

    /** Takes the same time whether the secret matches or not. */
    boolean matches(String secret) {
        return MessageDigest.isEqual(hash, hash(salt, secret));
    }

    private static byte[] hash(byte[] salt, String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "sha256:" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }
}
