package org.colleaguesearch.embedded.plugin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Decides which requests the embedded OpenSearch answers: those with the application's login in HTTP Basic
 * authentication (RFC 7617), addressed to a name of this machine, and not from a web page. Immutable.
 */
public final class Admission {
    /** In the configuration folder: the Base64 SHA-256 of the login. Not secret, as the password is random. */
    public static final String FILE = "login.sha256";

    /** The decision about a request. */
    enum Verdict {
        ADMITTED(200, ""),
        /** A foreign domain name that resolves to this machine (DNS rebinding). */
        FOREIGN_HOST(403, "the header Host must name 127.0.0.1 or localhost"),
        FROM_WEB_PAGE(403, "requests with the header Origin come from web pages and are refused"),
        NO_LOGIN(401, "user and password required; see docs/operate.md of Colleague Search");

        final int status;
        final String reason;

        Verdict(int status, String reason) {
            this.status = status;
            this.reason = reason;
        }
    }

    private static final Pattern THIS_MACHINE =
            Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);
    private static final Pattern BASIC = Pattern.compile("basic +([A-Za-z0-9+/=]+)", Pattern.CASE_INSENSITIVE);

    private final byte[] digest;

    private Admission(byte[] digest) {
        this.digest = digest;
    }

    /** The content of the file that admits this login, {@code user:password}. */
    public static String of(String login) {
        return Base64.getEncoder().encodeToString(digest(login.getBytes(StandardCharsets.UTF_8)));
    }

    static Admission read(Path configuration) throws IOException {
        return new Admission(Base64.getDecoder()
                .decode(Files.readString(configuration.resolve(FILE)).strip()));
    }

    /** {@code headers}: the values of a header by its case-insensitive name; null or empty if there are none. */
    Verdict of(Function<String, List<String>> headers) {
        if (!isOne(headers.apply("Host"), THIS_MACHINE)) {
            return Verdict.FOREIGN_HOST;
        }
        List<String> origins = headers.apply("Origin");
        if (origins != null && !origins.isEmpty()) {
            return Verdict.FROM_WEB_PAGE;
        }
        List<String> logins = headers.apply("Authorization");
        return isOne(logins, BASIC) && hasLogin(logins.getFirst()) ? Verdict.ADMITTED : Verdict.NO_LOGIN;
    }

    private static boolean isOne(List<String> values, Pattern pattern) {
        return values != null
                && values.size() == 1
                && pattern.matcher(values.getFirst()).matches();
    }

    /** Compares in constant time. */
    private boolean hasLogin(String header) {
        try {
            byte[] login = Base64.getDecoder().decode(header.substring(header.lastIndexOf(' ') + 1));
            return MessageDigest.isEqual(digest, digest(login));
        } catch (IllegalArgumentException e) {
            // Not Base64.
            return false;
        }
    }

    private static byte[] digest(byte[] login) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(login);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
