package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
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

    /** So that a request that ends at its limit says so itself. */
    private static final Duration MARGIN_OF_WAIT = Duration.ofSeconds(1);

    private static final Token NONE = new Token("", Instant.EPOCH);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings.OAuth2 settings;
    private final Duration timeout;
    private final CloseableHttpClient http;
    /** Any thread may read or replace it; whoever replaces it has the request made that completes the future. */
    private final AtomicReference<CompletableFuture<Token>> token =
            new AtomicReference<>(CompletableFuture.completedFuture(NONE));

    /** Any thread may set it; a lost update would cost one more token request. */
    private volatile Instant keepUntil = Instant.EPOCH;

    /**
     * By the settings of the API's own calls: how long a request may take, and how large its answer may be.
     */
    AccessTokens(Settings.OAuth2 settings, Settings.Api api) {
        this.settings = settings;
        this.timeout = api.responseTimeout();
        this.http = ApiClient.limited(HttpClientBuilder.create(), api)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ApiClient.connectionFactory())
                        .setDefaultConnectionConfig(ApiClient.timeouts(api))
                        .build())
                // Requests are rare: the server would have closed the connection before the next.
                .setConnectionReuseStrategy((request, answer, context) -> false)
                .build();
    }

    /**
     * A token that is not about to expire. Waits for no longer than a call may take, and not on when the run of the call
     * is cancelled.
     *
     * @throws IOException when the server gives none; a {@link LastingFailure} when it refuses to
     */
    String current() throws IOException {
        CompletableFuture<Token> known = token.get();
        if (known.isDone() && (known.isCompletedExceptionally() || known.join().isOld())) {
            CompletableFuture<Token> renewed = new CompletableFuture<>();
            if (token.compareAndSet(known, renewed)) {
                // Not in the thread of this call, whose run may be cancelled: others wait for the answer, too.
                Thread.ofVirtual().name("access-token").start(() -> renew(renewed));
            }
        }
        return await(token.get());
    }

    private void renew(CompletableFuture<Token> renewed) {
        try {
            renewed.complete(request());
        } catch (IOException | RuntimeException | Error e) {
            renewed.completeExceptionally(e);
        }
    }

    private String await(CompletableFuture<Token> renewed) throws IOException {
        if (renewed.isDone() && !renewed.isCompletedExceptionally()) {
            return renewed.join().value();
        }
        // A copy, since others wait for the same.
        CompletableFuture<Token> mine = renewed.copy();
        Runnable forget = RunCalls.current().onCancel(() -> mine.cancel(false));
        try {
            // The request itself ends sooner, unless its host's name is looked up for too long.
            return mine.get(timeout.plus(MARGIN_OF_WAIT).toNanos(), TimeUnit.NANOSECONDS)
                    .value();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LastingFailure refused
                    ? new LastingFailure(refused.getMessage())
                    : new NoAccessToken(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw new NoAccessToken(noToken() + "no answer after " + timeout.toMillis() + " ms");
        } catch (CancellationException e) {
            throw RunCalls.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAccessToken("interrupted while waiting for an access token");
        } finally {
            forget.run();
        }
    }

    private String noToken() {
        return "no access token from " + settings.tokenUrl() + ": ";
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
            return http.execute(tokenRequest(), this::token);
        } catch (NoAccessToken e) {
            throw e;
        } catch (LastingFailure e) {
            throw new LastingFailure(noToken() + e.getMessage());
        } catch (JacksonException e) {
            // Without its cause, which quotes the answer: that may well be a token.
            throw new NoAccessToken(noToken() + "the answer is not JSON");
        } catch (IOException e) {
            throw new NoAccessToken(noToken() + ApiFailures.reason(e));
        }
    }

    private Token token(ClassicHttpResponse answer) throws IOException {
        int status = answer.getCode();
        if (status >= 500 || status == 429) {
            throw new NoAccessToken(noToken() + "HTTP " + status);
        }
        JsonNode body = status == 200 ? JSON.readTree(answer.getEntity().getContent()) : JSON.createObjectNode();
        if (!body.path("access_token").isTextual()) {
            throw new LastingFailure("HTTP " + status + "; check colleagues.api.auth.oauth2");
        }
        long seconds = body.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
        return new Token(body.get("access_token").textValue(), Instant.now().plusSeconds(seconds));
    }

    private ClassicHttpRequest tokenRequest() {
        String form = "grant_type=client_credentials"
                + (settings.scope() == null ? "" : "&scope=" + encode(settings.scope()));
        String credentials = encode(settings.clientId()) + ":"
                + encode(settings.clientSecret().reveal());
        HttpPost request = new HttpPost(URI.create(settings.tokenUrl().toString()));
        request.setHeader(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        request.setEntity(new StringEntity(form, ContentType.create("application/x-www-form-urlencoded")));
        return request;
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
