package org.colleaguesearch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.colleaguesearch.settings.Settings;
import org.springframework.http.HttpHeaders;

/**
 * OAuth 2.0 access tokens by client credentials (RFC 6749, section 4.4). One token at a time is kept, until shortly before
 * it expires or until the API refuses it. The first call that needs a new one requests it; the others wait for the same
 * response.
 *
 * <p>Neither spring-security-oauth2-client nor Camel's OAuth2ClientConfigurer (4.17): the first quotes the server's
 * response in its messages, rejects a response without {@code token_type}, takes a missing {@code expires_in} for one
 * second, and does not share a request among callers; the second keeps a token for each URL.
 */
final class AccessTokens implements Authorization {
    /** So that a token does not expire in transit; RFC 6749 names no figure. */
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** For a server that leaves out {@code expires_in}, which RFC 6749 only recommends. */
    private static final long DEFAULT_LIFETIME_SECONDS = 300;
    /** How long a new token is kept although the API refuses it: otherwise each call would request another. */
    private static final Duration KEEP = Duration.ofSeconds(5);
    /** How much longer callers wait than the request may take, so that its own failure is reported. */
    private static final Duration MARGIN_OF_WAIT = Duration.ofSeconds(1);

    private static final CompletableFuture<Token> NONE =
            CompletableFuture.completedFuture(new Token(Authorization.bearer(""), Instant.EPOCH));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings.OAuth2 settings;
    private final Duration timeout;
    private final CloseableHttpClient http;
    /** Guarded by this object's lock, as is the next field. */
    private CompletableFuture<Token> token = NONE;

    private Instant keepUntil = Instant.EPOCH;

    /** A token request has the time-outs and the size limit of the API's own calls. */
    AccessTokens(Settings.OAuth2 settings, Settings.Api api) {
        this.settings = settings;
        this.timeout = api.responseTimeout();
        this.http = ApiClient.limited(HttpClientBuilder.create(), api)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ApiClient.connectionFactory())
                        .setDefaultConnectionConfig(ApiClient.timeouts(api))
                        .build())
                // Requests are rare: the server would have closed the connection before the next.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .build();
    }

    /**
     * A token that is not about to expire. Waits no longer than a call may take, and stops when the run of the call is
     * cancelled.
     *
     * @throws IOException when the server gives none; a {@link PermanentFailure} when it refuses to
     */
    @Override
    public Header header() throws IOException {
        // A copy, since others wait for the same.
        CompletableFuture<Token> mine = current().copy();
        Runnable forget = RunCalls.current().onCancel(() -> mine.cancel(false));
        try {
            // The request itself ends sooner, unless the lookup of its host takes too long.
            return mine.get(timeout.plus(MARGIN_OF_WAIT).toNanos(), TimeUnit.NANOSECONDS)
                    .header();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PermanentFailure refused
                    ? new PermanentFailure(refused.getMessage())
                    : new NoAccessToken(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw new NoAccessToken(noToken() + "no response after " + timeout.toMillis() + " ms");
        } catch (CancellationException e) {
            throw RunCalls.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAccessToken("interrupted while waiting for an access token");
        } finally {
            forget.run();
        }
    }

    private synchronized CompletableFuture<Token> current() {
        if (token.isDone() && (token.isCompletedExceptionally() || token.join().isOld())) {
            // Not in the thread of this call, whose run may be cancelled: others wait for the response, too.
            token = CompletableFuture.supplyAsync(
                    this::request,
                    task -> Thread.ofVirtual().name("access-token").start(task));
        }
        return token;
    }

    /** Discards a token that the API refused, even before it expires. Of many refused at once the first is enough. */
    @Override
    public synchronized boolean discard(Header refused) {
        if (!token.isDone()
                || token.isCompletedExceptionally()
                || !token.join().header().getValue().equals(refused.getValue())) {
            return true;
        }
        if (Instant.now().isBefore(keepUntil)) {
            return false;
        }
        token = NONE;
        return true;
    }

    @Override
    public synchronized void refusedAgain() {
        keepUntil = Instant.now().plus(KEEP);
    }

    private Token request() {
        String form = "grant_type=client_credentials"
                + (settings.scope() == null ? "" : "&scope=" + encode(settings.scope()));
        HttpPost request = new HttpPost(settings.tokenUrl());
        request.setHeader(
                HttpHeaders.AUTHORIZATION,
                "Basic "
                        + HttpHeaders.encodeBasicAuth(
                                encode(settings.clientId()),
                                encode(settings.clientSecret().reveal()),
                                StandardCharsets.UTF_8));
        request.setEntity(new StringEntity(form, ContentType.create("application/x-www-form-urlencoded")));
        try {
            return http.execute(request, AccessTokens::token);
        } catch (PermanentFailure e) {
            throw new CompletionException(new PermanentFailure(noToken() + e.getMessage()));
        } catch (IOException e) {
            // Without its cause: that of malformed JSON quotes the response, which may well be a token.
            throw new CompletionException(new NoAccessToken(noToken() + ApiFailures.reason(e)));
        }
    }

    private String noToken() {
        return "no access token from " + settings.tokenUrl() + ": ";
    }

    private static Token token(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status >= 500 || status == 429) {
            throw new NoAccessToken("HTTP " + status);
        }
        JsonNode body = status == 200 ? JSON.readTree(response.getEntity().getContent()) : JSON.createObjectNode();
        if (!body.path("access_token").isTextual()) {
            throw new PermanentFailure("HTTP " + status + "; check colleagues.api.auth.oauth2");
        }
        long seconds = body.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
        return new Token(
                Authorization.bearer(body.get("access_token").textValue()),
                Instant.now().plusSeconds(seconds));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Token(Header header, Instant expires) {
        boolean isOld() {
            return Instant.now().isAfter(expires.minus(MARGIN));
        }
    }
}
