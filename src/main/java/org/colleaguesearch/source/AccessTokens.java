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
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.colleaguesearch.settings.Settings;
import org.springframework.http.HttpHeaders;

/**
 * OAuth 2.0 access tokens by client credentials (RFC 6749, section 4.4) or a refresh token (section 6). Keeps one token
 * until shortly before it expires or until the API refuses it. The first call that needs a new token requests it; other
 * calls wait for the same response.
 *
 * <p>spring-security-oauth2-client does not fit: its messages quote the server's response, it rejects a response
 * without {@code token_type}, treats a missing {@code expires_in} as one second, and does not share a request among
 * callers. Camel's OAuth2ClientConfigurer (4.17) keeps one token per URL.
 */
final class AccessTokens implements Credentials {
    /** Keeps a token from expiring in transit; RFC 6749 names no figure. */
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** Used when the server omits {@code expires_in}, which RFC 6749 only recommends. */
    private static final long DEFAULT_LIFETIME_SECONDS = 300;
    /** How long to keep a new token that the API refuses; otherwise each call would request another one. */
    private static final Duration KEEP = Duration.ofSeconds(5);
    /** Callers wait this much longer than the request may take, so that they report its own failure. */
    private static final Duration WAIT_MARGIN = Duration.ofSeconds(1);

    private static final CompletableFuture<Token> NONE =
            CompletableFuture.completedFuture(new Token(Credentials.bearer(""), Instant.EPOCH));
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String api;
    private final ApiUrls urls;
    private final Settings.OAuth2 settings;
    private final Duration timeout;
    private final CloseableHttpClient http;
    /** The newest one, used and replaced only by the one request at a time. */
    private volatile String refreshToken;
    /** Guarded by this object's lock, as is the next field. */
    private CompletableFuture<Token> token = NONE;

    private Instant keepUntil = Instant.EPOCH;

    /** Token requests have the same time-outs and size limit as API calls. */
    AccessTokens(NamedApi api, TlsSocketStrategy tls, Proxies proxies) {
        this.api = api.name();
        this.urls = api.urls();
        this.settings = api.settings().auth().oauth2();
        this.refreshToken = settings.refreshToken().reveal();
        this.timeout = api.settings().responseTimeout();
        this.http = ApiClient.limited(HttpClientBuilder.create(), api.settings(), proxies)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(tls)
                        .setConnectionFactory(ApiClient.connectionFactory())
                        .setDefaultConnectionConfig(ApiClient.timeouts(api.settings()))
                        .build())
                // Requests are rare: the server would have closed the connection before the next.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .build();
    }

    /**
     * Returns a token that is not about to expire. Waits no longer than a call may take, and stops when the run of the
     * call is cancelled.
     *
     * @throws IOException when the server issues no token; a {@link PermanentFailure} when it refuses to
     */
    @Override
    public Header header() throws IOException {
        // A copy: cancelling it must not cancel the request that others wait for.
        CompletableFuture<Token> mine = current().copy();
        Runnable unregister = RunCalls.current().onCancel(() -> mine.cancel(false));
        try {
            // The request itself times out sooner, unless the DNS lookup takes too long.
            return mine.get(timeout.plus(WAIT_MARGIN).toNanos(), TimeUnit.NANOSECONDS)
                    .header();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof PermanentFailure refused
                    ? new PermanentFailure(refused.getMessage())
                    : new TokenUnavailable(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw new TokenUnavailable(noToken() + "no response after " + timeout.toMillis() + " ms");
        } catch (CancellationException e) {
            throw RunCalls.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenUnavailable("interrupted while waiting for an access token");
        } finally {
            unregister.run();
        }
    }

    private synchronized CompletableFuture<Token> current() {
        if (token.isDone() && (token.isCompletedExceptionally() || token.join().isOld())) {
            // Not in the thread of the caller, whose run may be cancelled while others still wait for the response.
            token = CompletableFuture.supplyAsync(
                    this::request,
                    task -> Thread.ofVirtual().name("access-token").start(task));
        }
        return token;
    }

    /**
     * Discards a token that the API refused before it expired. Only the first of many concurrent refusals has an
     * effect.
     */
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
        String grant = refreshToken.isEmpty()
                ? "grant_type=client_credentials"
                : "grant_type=refresh_token&refresh_token=" + encode(refreshToken);
        String form = grant + (settings.scope() == null ? "" : "&scope=" + encode(settings.scope()));
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
            return http.execute(request, this::token);
        } catch (PermanentFailure e) {
            throw new CompletionException(new PermanentFailure(noToken() + e.getMessage()));
        } catch (IOException e) {
            // Without the cause: Jackson's messages quote the response, which may contain a token.
            throw new CompletionException(new TokenUnavailable(noToken() + ApiFailures.reason(e)));
        }
    }

    private String noToken() {
        return "no access token from " + settings.tokenUrl() + ": ";
    }

    private Token token(ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        if (status >= 500 || status == 429) {
            throw new TokenUnavailable("HTTP " + status);
        }
        JsonNode body = status == 200 ? JSON.readTree(response.getEntity().getContent()) : JSON.createObjectNode();
        if (!body.path("access_token").isTextual()) {
            throw new PermanentFailure("HTTP " + status + "; check colleagues.apis." + api + ".auth.oauth2");
        }
        // The server may replace it; the one of the settings may then be invalid.
        String replacement = body.path("refresh_token").asText("");
        if (!refreshToken.isEmpty() && !replacement.isEmpty()) {
            refreshToken = replacement;
        }
        String issued = body.get("access_token").textValue();
        urls.issued(issued);
        long seconds = body.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
        return new Token(Credentials.bearer(issued), Instant.now().plusSeconds(seconds));
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
