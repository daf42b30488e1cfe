package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.client5.http.DnsResolver;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The requests that the API gets, and their credentials. */
class ApiClientTest {
    private static final String ALLOW_PRIVATE = "colleagues.export.allow-private-addresses=true";

    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    /** Authorization headers that the API refuses. */
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();

    private final Queue<Reply> stale = new ConcurrentLinkedQueue<>();

    private volatile Reply refusal = Replies.error(401);
    private final ScriptedServer server = new ScriptedServer(request -> {
        requests.add(request);
        if (refused.contains(request.headers().getOrDefault("authorization", ""))) {
            return refusal;
        }
        return switch (request.target()) {
            case "/token" ->
                Replies.json("{\"access_token\":\"%s\",\"expires_in\":3600}"
                        .formatted(tokens.isEmpty() ? "oauth-token" : tokens.remove()));
            case "/moved" -> Replies.status(302, "", "Location: /elsewhere", "Set-Cookie: session=1");
            case "/failing" -> Replies.error(503);
            case "/stale" -> stale.remove();
            default -> Replies.json("{}");
        };
    });

    @AfterEach
    void closeServer() throws IOException {
        server.close();
    }

    @Test
    void requestsJsonWithoutCredentialsWhenNoneAreSet() throws IOException {
        assertThat(headersOfCall())
                .containsEntry("accept", "application/json")
                .containsEntry("user-agent", "colleague-search")
                .doesNotContainKeys("authorization", "x-api-key");
    }

    @Test
    void sendsBearerToken() throws IOException {
        assertThat(headersOfCall("colleagues.apis.default.auth.bearer-token=hunter2"))
                .containsEntry("authorization", "Bearer hunter2");
    }

    @Test
    void sendsApiKeyInTheHeaderThatIsSet() throws IOException {
        assertThat(headersOfCall("colleagues.apis.default.auth.api-key=hunter2"))
                .containsEntry("x-api-key", "hunter2")
                .doesNotContainKey("authorization");
        assertThat(headersOfCall(
                        "colleagues.apis.default.auth.api-key=hunter2",
                        "colleagues.apis.default.auth.api-key-header=Ocp-Key"))
                .containsEntry("ocp-key", "hunter2")
                .doesNotContainKey("x-api-key");
    }

    @Test
    void sendsApiKeyInTheQueryThatIsSet() throws IOException {
        try (ApiCalls calls = new ApiCalls(
                server.url(),
                ALLOW_PRIVATE,
                "colleagues.apis.default.auth.api-key=a&b",
                "colleagues.apis.default.auth.api-key-query=key")) {
            calls.get(url("/people"));
            calls.get(url("/people?page=2"));
        }

        assertThat(requests)
                .extracting(Request::target)
                .containsExactly("/people?key=a%26b", "/people?page=2&key=a%26b");
        assertThat(requests)
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKeys("x-api-key", "authorization"));
    }

    @Test
    void sendsNoApiKeyInTheQueryToOtherHosts() throws IOException {
        try (ApiCalls calls = new ApiCalls(
                URI.create("http://other.test"),
                ALLOW_PRIVATE,
                "colleagues.apis.default.auth.api-key=hunter2",
                "colleagues.apis.default.auth.api-key-query=key")) {
            calls.get(url("/people"));
        }

        assertThat(requests).extracting(Request::target).containsExactly("/people");
    }

    @Test
    void sendsUserAndPassword() throws IOException {
        assertThat(headersOfCall(
                        "colleagues.apis.default.auth.username=ada", "colleagues.apis.default.auth.password=ü:1"))
                .containsEntry("authorization", "Basic YWRhOsO8OjE=");
    }

    @Test
    void requestsOAuth2TokenOnce() throws IOException {
        try (ApiCalls calls = withOAuth2()) {
            calls.get(url("/people"));
            calls.get(url("/people"));
        }

        assertThat(requests).extracting(Request::target).containsExactly("/token", "/people", "/people");
        requests.remove();
        assertThat(requests)
                .allSatisfy(
                        request -> assertThat(request.headers()).containsEntry("authorization", "Bearer oauth-token"));
    }

    @Test
    void retriesOnceWithNewTokenWhenTheApiRefusesTheOldOne() throws IOException {
        tokens.addAll(List.of("old", "new"));
        refused.add("Bearer old");
        try (ApiCalls calls = withOAuth2()) {
            assertThat(calls.get(url("/people"))).isEqualTo("200 {}");
            assertThat(calls.get(url("/people"))).isEqualTo("200 {}");
        }

        assertThat(requests)
                .extracting(Request::target)
                .containsExactly("/token", "/people", "/token", "/people", "/people");
    }

    @Test
    void failsOnSecondRefusalWithoutRequestingAnotherToken() throws IOException {
        tokens.addAll(List.of("old", "new"));
        refused.addAll(List.of("Bearer old", "Bearer new"));
        try (ApiCalls calls = withOAuth2()) {
            assertThat(calls.get(url("/people"))).startsWith("401");
            assertThat(calls.get(url("/people"))).startsWith("401");
        }

        assertThat(requests)
                .extracting(Request::target)
                .containsExactly("/token", "/people", "/token", "/people", "/people");
    }

    @Test
    void retriesRefusedCallWhoseResponseNeverEnds() throws IOException {
        tokens.addAll(List.of("old", "new"));
        refused.add("Bearer old");
        refusal = connection -> {
            connection.write("HTTP/1.1 401 Some Phrase\r\nContent-Length: 1000\r\n\r\n");
            connection.hang();
        };
        try (ApiCalls calls = withOAuth2()) {
            assertThat(calls.get(url("/people"))).isEqualTo("200 {}");
        }
    }

    @Test
    void failsImmediatelyWhenRefusedCredentialsCannotBeRenewed() throws IOException {
        refused.add("Bearer hunter2");
        try (ApiCalls calls = new ApiCalls(server.url(), "colleagues.apis.default.auth.bearer-token=hunter2")) {
            assertThat(calls.get(url("/people"))).startsWith("401");
        }

        assertThat(requests).hasSize(1);
    }

    private ApiCalls withOAuth2() {
        return new ApiCalls(
                server.url(),
                "colleagues.apis.default.auth.oauth2.token-url=" + server.url() + "/token",
                "colleagues.apis.default.auth.oauth2.client-id=id",
                "colleagues.apis.default.auth.oauth2.client-secret=hunter2");
    }

    /** No other host gets them, even if only the scheme, the port or part of the name differs. */
    @Test
    void sendsCredentialsToTheApisOwnHostOnly() throws IOException {
        String bearer = "colleagues.apis.default.auth.bearer-token=hunter2";
        DnsResolver toServer = new FixedDns("127.0.0.1");
        int port = server.url().getPort();
        for (String other : List.of(
                "https://people.test:" + port, "http://people.test:1", "http://people.test", "http://test:" + port)) {
            try (ApiCalls calls = new ApiCalls(URI.create(other), toServer, ALLOW_PRIVATE, bearer)) {
                calls.get(URI.create("http://people.test:" + port + "/people"));
            }
        }
        try (ApiCalls calls =
                new ApiCalls(URI.create("http://People.test.:" + port), toServer, ALLOW_PRIVATE, bearer)) {
            calls.get(URI.create("http://people.test:" + port + "/own"));
        }

        assertThat(requests).hasSize(5).allSatisfy(request -> {
            if (request.target().equals("/own")) {
                assertThat(request.headers()).containsEntry("authorization", "Bearer hunter2");
            } else {
                assertThat(request.headers()).doesNotContainKey("authorization");
            }
        });
    }

    @Test
    void requestsNoTokenForAnotherHost() throws IOException {
        try (ApiCalls calls = new ApiCalls(
                URI.create("http://people.test"),
                ALLOW_PRIVATE,
                "colleagues.apis.default.auth.oauth2.token-url=" + server.url() + "/token",
                "colleagues.apis.default.auth.oauth2.client-id=id",
                "colleagues.apis.default.auth.oauth2.client-secret=hunter2")) {
            calls.get(url("/people"));
        }

        assertThat(requests).extracting(Request::target).containsExactly("/people");
    }

    @Test
    void followsNoRedirectAndKeepsNoCookie() throws IOException {
        try (ApiCalls calls = new ApiCalls(server.url())) {
            assertThat(calls.get(url("/moved"))).startsWith("302");
            calls.get(url("/people"));
        }

        assertThat(requests).extracting(Request::target).containsExactly("/moved", "/people");
        assertThat(requests).allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("cookie"));
    }

    @Test
    void leavesRetriesToTheRoute() throws IOException {
        try (ApiCalls calls = new ApiCalls(server.url())) {
            assertThat(calls.get(url("/failing"))).startsWith("503");
        }

        assertThat(requests).hasSize(1);
    }

    @Test
    void retriesOnNewConnectionWhenTheApiHasClosedTheIdleOne() throws IOException {
        stale.addAll(List.of(ScriptedServer.Connection::close, Replies.json("{\"a\":1}")));
        try (ApiCalls calls = new ApiCalls(server.url(), "colleagues.apis.default.auth.bearer-token=hunter2")) {
            calls.get(url("/people"));
            assertThat(calls.get(url("/stale"))).isEqualTo("200 {\"a\":1}");
        }

        assertThat(requests).extracting(Request::target).containsExactly("/people", "/stale", "/stale");
        assertThat(requests).extracting(Request::connection).containsExactly(1, 1, 2);
        assertThat(requests)
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("authorization", "Bearer hunter2"));
    }

    @Test
    void failsOnResetInResponseToACall() throws IOException {
        stale.addAll(List.of(Replies.reset(), Replies.json("{}")));
        try (ApiCalls calls = new ApiCalls(server.url())) {
            calls.get(url("/people"));
            assertThatIOException().isThrownBy(() -> calls.get(url("/stale")));
        }

        assertThat(requests).hasSize(2);
    }

    @Test
    void retriesOnNewConnectionOnlyOnce() throws IOException {
        stale.addAll(List.of(ScriptedServer.Connection::close, ScriptedServer.Connection::close, Replies.json("{}")));
        try (ApiCalls calls = new ApiCalls(server.url())) {
            calls.get(url("/people"));
            assertThatIOException().isThrownBy(() -> calls.get(url("/stale")));
        }

        assertThat(requests).hasSize(3);
    }

    @Test
    void failsWhenNewConnectionClosesWithoutAResponse() throws IOException {
        stale.addAll(List.of(ScriptedServer.Connection::close, Replies.json("{}")));
        try (ApiCalls calls = new ApiCalls(server.url())) {
            assertThatIOException().isThrownBy(() -> calls.get(url("/stale")));
        }

        assertThat(requests).hasSize(1);
    }

    @Test
    void failsOnTruncatedResponseOnUsedConnection() throws IOException {
        stale.addAll(List.of(Replies.cutOff("{\"a\":\"a long one\"}"), Replies.json("{}")));
        try (ApiCalls calls = new ApiCalls(server.url())) {
            calls.get(url("/people"));
            assertThatIOException().isThrownBy(() -> calls.get(url("/stale")));
        }

        assertThat(requests).hasSize(2);
    }

    private Map<String, String> headersOfCall(String... settings) throws IOException {
        requests.clear();
        try (ApiCalls calls = new ApiCalls(server.url(), settings)) {
            calls.get(url("/people"));
        }
        return requests.remove().headers();
    }

    private URI url(String path) {
        return URI.create(server.url() + path);
    }
}
