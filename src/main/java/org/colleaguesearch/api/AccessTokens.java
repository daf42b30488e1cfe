package org.colleaguesearch.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.colleaguesearch.settings.Settings;

/**
 * OAuth 2.0 access tokens by client credentials (RFC 6749, section 4.4), one at a time: kept until shortly before it
 * expires or the API refuses it, then renewed by the first call that needs it while the others wait for that one answer.
 *
 * <p>Not Camel's own OAuth2ClientConfigurer: in 4.17 it keeps a token for each URL called, which here means one token
 * request a call, and a map that grows with every person.
 */
final class AccessTokens {
    /** So that a token does not expire on its way; RFC 6749 names no figure. */
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** For a server that leaves out {@code expires_in}, which RFC 6749 only recommends. */
    private static final long DEFAULT_LIFETIME_SECONDS = 300;

    /** How long a token is kept after one that was just renewed had been refused: not a token request a call. */
    private static final Duration KEEP = Duration.ofSeconds(5);

    private static final Token NONE = new Token("", Instant.EPOCH);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings.OAuth2 settings;
    private final Duration timeout;
    private final HttpClient http;
    /** Any thread may read or replace it; whoever replaces it makes the request and completes the future. */
    private final AtomicReference<CompletableFuture<Token>> token =
            new AtomicReference<>(CompletableFuture.completedFuture(NONE));

    /** Any thread may set it; a lost update would cost one more token request. */
    private volatile Instant keepUntil = Instant.EPOCH;

    AccessTokens(Settings.OAuth2 settings, Duration connectTimeout, Duration timeout) {
        this.settings = settings;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                // Java's upgrade to HTTP/2 hangs now and then, past the time-out; all calls wait for the token.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
    }

    /**
     * A token that is not about to expire.
     *
     * @throws IOException when the server gives none; a {@link LastingFailure} when it refuses to
     */
    String current() throws IOException {
        CompletableFuture<Token> known = token.get();
        if (known.isDone() && (known.isCompletedExceptionally() || known.join().isOld())) {
            CompletableFuture<Token> renewed = new CompletableFuture<>();
            if (token.compareAndSet(known, renewed)) {
                try {
                    renewed.complete(request());
                } catch (IOException | RuntimeException e) {
                    renewed.completeExceptionally(e);
                }
            }
        }
        try {
            return token.get().join().value();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LastingFailure refused
                    ? new LastingFailure(refused.getMessage())
                    : new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /**
     * Throws away a token that the API refused, also before its time. Of many that were refused at once the first one is
     * enough.
     *
     * @return whether the next {@link #current()} is another
     */
    boolean discard(String refused) {
        CompletableFuture<Token> known = token.get();
        if (!known.isDone()
                || known.isCompletedExceptionally()
                || !known.join().value().equals(refused)) {
            return true;
        }
        if (Instant.now().isBefore(keepUntil)) {
            return false;
        }
        token.compareAndSet(known, CompletableFuture.completedFuture(NONE));
        return true;
    }

    /** Keeps the token for a while, since a new one would not help: the API refuses those, too. */
    void keep() {
        keepUntil = Instant.now().plus(KEEP);
    }

    private Token request() throws IOException {
        try {
            HttpResponse<String> answer = http.send(tokenRequest(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
                throw new IOException("no access token from " + settings.tokenUrl() + ": HTTP " + answer.statusCode());
            }
            JsonNode body = answer.statusCode() == 200 ? JSON.readTree(answer.body()) : JSON.createObjectNode();
            if (!body.path("access_token").isTextual()) {
                throw new LastingFailure("no access token from " + settings.tokenUrl() + ": HTTP " + answer.statusCode()
                        + "; check colleagues.api.auth.oauth2");
            }
            long seconds = body.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
            return new Token(body.get("access_token").textValue(), Instant.now().plusSeconds(seconds));
        } catch (JacksonException e) {
            // Without its cause, which quotes the answer: that may well be a token.
            throw new IOException("no access token from " + settings.tokenUrl() + ": the answer is not JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for an access token", e);
        }
    }

    private HttpRequest tokenRequest() {
        String form = "grant_type=client_credentials"
                + (settings.scope() == null ? "" : "&scope=" + encode(settings.scope()));
        String credentials = encode(settings.clientId()) + ":"
                + encode(settings.clientSecret().reveal());
        return HttpRequest.newBuilder(URI.create(settings.tokenUrl().toString()))
                .timeout(timeout)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Token(String value, Instant expires) {
        boolean isOld() {
            return Instant.now().isAfter(expires.minus(MARGIN));
        }
    }
}
