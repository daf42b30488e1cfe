package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hc.core5.http.Header;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
    private static final String SECRET = "s3cret:with/odd +chars";

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final ScriptedServer server = new ScriptedServer(request -> {
        requests.add(request);
        Reply next = replies.poll();
        return next == null ? Replies.error(500) : next;
    });
    private final AccessTokens tokens = tokens(server.url(), null);

    @AfterEach
    void closeServer() throws IOException {
        server.close();
    }

    @Test
    void fiftyConcurrentCallersMakeOneRequest() throws Exception {
        replies.add(slowly(token("one", 3600)));
        CyclicBarrier together = new CyclicBarrier(50);
        List<Future<String>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                callers.add(threads.submit(() -> {
                    together.await();
                    return value(tokens);
                }));
            }
        }

        for (Future<String> caller : callers) {
            assertThat(caller.get()).isEqualTo("one");
        }
        assertThat(requests).hasSize(1);
    }

    @Test
    void keepsTokenUntilItExpires() throws IOException {
        replies.add(token("one", 3600));

        assertThat(List.of(value(tokens), value(tokens), value(tokens))).containsOnly("one");
        assertThat(requests).hasSize(1);
    }

    @Test
    void renewsTokenShortlyBeforeItExpires() throws IOException {
        replies.addAll(List.of(token("one", 20), token("two", 20), token("three", 3600)));

        assertThat(List.of(value(tokens), value(tokens), value(tokens), value(tokens)))
                .containsExactly("one", "two", "three", "three");
    }

    @Test
    void keepsTokenOfUnknownLifetimeForAWhile() throws IOException {
        replies.add(Replies.json("{\"access_token\":\"one\",\"token_type\":\"Bearer\"}"));

        assertThat(List.of(value(tokens), value(tokens))).containsOnly("one");
        assertThat(requests).hasSize(1);
    }

    @Test
    void sendsTheNewestRefreshToken() throws IOException {
        replies.addAll(List.of(
                Replies.json("{\"access_token\":\"one\",\"expires_in\":1,\"refresh_token\":\"second+\"}"),
                Replies.json("{\"access_token\":\"two\",\"expires_in\":1,\"refresh_token\":\"\"}"),
                token("three", 3600)));
        List<String> settings = new ArrayList<>(credentials(server.url()));
        settings.add("colleagues.apis.default.auth.oauth2.refresh-token=first");
        AccessTokens refreshed = tokens(settings);

        assertThat(List.of(value(refreshed), value(refreshed), value(refreshed)))
                .containsExactly("one", "two", "three");
        assertThat(requests)
                .extracting(Request::body)
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=first",
                        "grant_type=refresh_token&refresh_token=second%2B",
                        "grant_type=refresh_token&refresh_token=second%2B");
    }

    @Test
    void sendsClientCredentialsInTheHeader() throws IOException {
        replies.add(token("one", 3600));
        tokens.header();

        Request request = requests.remove();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/token");
        assertThat(request.body()).isEqualTo("grant_type=client_credentials");
        assertThat(request.headers()).containsEntry("content-type", "application/x-www-form-urlencoded");
        // RFC 6749, section 2.3.1: each is form-encoded before they are joined.
        String credentials = "client%3Aid:s3cret%3Awith%2Fodd+%2Bchars";
        assertThat(request.headers())
                .containsEntry(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void requestsTheConfiguredScope() throws IOException {
        replies.add(token("one", 3600));
        tokens(server.url(), "people.read & more").header();

        assertThat(requests.remove().body()).isEqualTo("grant_type=client_credentials&scope=people.read+%26+more");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404})
    void refusalIsPermanent(int status) {
        replies.add(Replies.status(status, "{\"error\":\"" + SECRET + "\"}", "Location: https://elsewhere.invalid/"));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(tokens::header)
                .withMessage("no access token from %s/token: HTTP %d; check colleagues.apis.default.auth.oauth2"
                        .formatted(server.url(), status));
    }

    @Test
    void responseWithoutTokenIsPermanentFailure() {
        replies.add(Replies.json("{\"refresh_token\":\"" + SECRET + "\"}"));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(tokens::header)
                .withMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void nextCallerRetriesAfterTransientFailure(int status) throws IOException {
        replies.addAll(List.of(Replies.error(status), token("one", 3600)));

        assertThat(catchThrowable(tokens::header))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(PermanentFailure.class)
                .hasMessage("no access token from %s/token: HTTP %d", server.url(), status);
        assertThat(value(tokens)).isEqualTo("one");
    }

    @Test
    void brokenConnectionIsTransient() throws IOException {
        replies.addAll(List.of(Replies.cutOff("{\"access_token\":\"one\"}"), token("two", 3600)));

        assertThat(catchThrowable(tokens::header))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(PermanentFailure.class);
        assertThat(value(tokens)).isEqualTo("two");
    }

    @Test
    void silentServerTimesOut() {
        replies.add(Replies.hang());

        assertThat(catchThrowable(impatient()::header))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(PermanentFailure.class);
    }

    static List<Reply> endless() {
        return List.of(
                Replies.stall(""),
                Replies.stall("{\"access_token\":\"one\""),
                Replies.drip(1_000_000, Duration.ofMillis(20)),
                Replies.dripHeaders(Duration.ofMillis(20)));
    }

    @ParameterizedTest
    @MethodSource("endless")
    @Timeout(30)
    void endsIncompleteResponseAndTheNextCallerRetries(Reply endless) throws IOException {
        replies.addAll(List.of(endless, token("two", 3600)));
        AccessTokens impatient = impatient();

        Throwable failure = catchThrowable(impatient::header);

        assertThat(failure)
                .isInstanceOf(TokenUnavailable.class)
                // A stalled response reaches the limit of a read and that of the response at the same time.
                .extracting(Throwable::getMessage)
                .isIn(
                        "no access token from %s/token: timed out: the response is not complete after 500 ms"
                                .formatted(server.url()),
                        "no access token from %s/token: timed out: Read timed out".formatted(server.url()));
        assertThat(ApiFailures.isOfHost((Exception) failure)).isTrue();
        assertThat(value(impatient)).isEqualTo("two");
    }

    @Test
    @Timeout(30)
    void allCallersWaitingForAStalledTokenTimeOut() throws Exception {
        replies.add(Replies.stall("{"));
        AccessTokens impatient = impatient();
        CyclicBarrier together = new CyclicBarrier(20);
        List<Future<Throwable>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                callers.add(threads.submit(() -> {
                    together.await();
                    return catchThrowable(impatient::header);
                }));
            }
        }

        for (Future<Throwable> caller : callers) {
            assertThat(caller.get()).isInstanceOf(TokenUnavailable.class);
        }
    }

    @Test
    void endsTooLargeResponse() {
        replies.add(Replies.large(1_000_000));

        assertThat(catchThrowable(impatient()::header))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageEndingWith("the response is larger than max-response-size, 10240 bytes");
    }

    @Test
    @Timeout(30)
    void cancelEndsTheWaitOfItsRunOnly() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        replies.add(connection -> {
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            token("one", 3600).send(connection);
        });
        RunCalls run = new RunCalls();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Throwable> ofRun = threads.submit(() -> catchThrowable(() -> run.during(tokens::header)));
            Future<String> ofOther = threads.submit(() -> value(tokens));
            await().until(() -> !requests.isEmpty());

            run.cancel();

            assertThat(ofRun.get()).isInstanceOf(PausedException.class);
            cancelled.countDown();
            assertThat(ofOther.get()).isEqualTo("one");
        }
    }

    @Test
    void doesNotQuoteResponseThatIsNotJson() {
        replies.add(Replies.status(200, "hunter2", "Content-Type: text/plain"));

        Throwable failure = catchThrowable(tokens::header);

        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(ApiFailures.reason(failure)).doesNotContain("hunter2");
        assertThat(failure).hasMessageNotContaining("hunter2");
    }

    @Test
    void eachWaitingCallerGetsTheFailure() throws Exception {
        replies.add(slowly(Replies.error(401)));
        CyclicBarrier together = new CyclicBarrier(10);
        List<Future<Throwable>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                callers.add(threads.submit(() -> {
                    together.await();
                    return catchThrowable(tokens::header);
                }));
            }
        }

        for (Future<Throwable> caller : callers) {
            assertThat(caller.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void requestsAnotherTokenWhenTheApiRefusesOne() throws IOException {
        replies.addAll(List.of(token("one", 3600), token("two", 3600)));

        assertThat(tokens.discard(tokens.header())).isTrue();

        assertThat(List.of(value(tokens), value(tokens))).containsOnly("two");
        assertThat(requests).hasSize(2);
    }

    @Test
    void fiftyConcurrentRefusalsMakeOneRequest() throws Exception {
        replies.addAll(List.of(token("one", 3600), slowly(token("two", 3600))));
        Header refused = tokens.header();
        CyclicBarrier together = new CyclicBarrier(50);
        List<Future<String>> callers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                callers.add(threads.submit(() -> {
                    together.await();
                    assertThat(tokens.discard(refused)).isTrue();
                    return value(tokens);
                }));
            }
        }

        for (Future<String> caller : callers) {
            assertThat(caller.get()).isEqualTo("two");
        }
        assertThat(requests).hasSize(2);
    }

    @Test
    void lateRefusalOfAnOldTokenKeepsTheNewOne() throws IOException {
        replies.addAll(List.of(token("one", 3600), token("two", 3600)));
        Header old = tokens.header();
        tokens.discard(old);
        tokens.header();

        assertThat(tokens.discard(old)).isTrue();

        assertThat(value(tokens)).isEqualTo("two");
        assertThat(requests).hasSize(2);
    }

    @Test
    void keepsTokenForAWhileWhenANewOneDidNotHelp() throws IOException {
        replies.addAll(List.of(token("one", 3600), token("two", 3600)));
        tokens.discard(tokens.header());
        Header second = tokens.header();
        tokens.refusedAgain();

        assertThat(tokens.discard(second)).isFalse();

        assertThat(value(tokens)).isEqualTo("two");
        assertThat(requests).hasSize(2);
    }

    private static String value(AccessTokens tokens) throws IOException {
        return tokens.header().getValue().substring("Bearer ".length());
    }

    private static Reply token(String value, int seconds) {
        return Replies.json("{\"access_token\":\"%s\",\"expires_in\":%d}".formatted(value, seconds));
    }

    private static Reply slowly(Reply reply) {
        return connection -> {
            connection.pause(Duration.ofMillis(300));
            reply.send(connection);
        };
    }

    private static AccessTokens tokens(URI server, String scope) {
        List<String> settings = new ArrayList<>(credentials(server));
        if (scope != null) {
            settings.add("colleagues.apis.default.auth.oauth2.scope=" + scope);
        }
        return tokens(settings);
    }

    private AccessTokens impatient() {
        List<String> settings = new ArrayList<>(credentials(server.url()));
        settings.add("colleagues.apis.default.response-timeout=500ms");
        settings.add("colleagues.apis.default.max-response-size=10KB");
        return tokens(settings);
    }

    private static List<String> credentials(URI server) {
        String key = "colleagues.apis.default.auth.oauth2.";
        return List.of(
                key + "token-url=" + server + "/token", key + "client-id=client:id", key + "client-secret=" + SECRET);
    }

    private static AccessTokens tokens(List<String> settings) {
        return new AccessTokens(
                new NamedApi(
                        "default",
                        ShippedSettings.api(settings.toArray(String[]::new)),
                        new ApiUrls("default", URI.create("https://api.example.org"))),
                null,
                new Proxies(null, Map.of(), host -> true));
    }
}
