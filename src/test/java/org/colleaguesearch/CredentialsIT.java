package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;

/** Calls are authenticated, and no credentials are written anywhere, even when calls fail with full logging. */
@Timeout(90)
@Isolated("lets the JVM log all it can")
class CredentialsIT {
    private static final String SECRET = "hunter2-and-more";
    private static final String TOKEN = "token-of-the-day";

    @TempDir
    Path folder;

    private final FaultyApi api = new FaultyApi(SamplePeople.madeUp(40))
            .always(FaultyApi.path("p3", "patents"), FaultyApi.instead(Replies.error(403)))
            .always(FaultyApi.path("p4", "patents"), FaultyApi.instead(Replies.reset()))
            .always(FaultyApi.path("p5", "patents"), FaultyApi.instead(Replies.half("{\"patents\":[]}")));

    @AfterEach
    void closeApi() throws IOException {
        api.close();
    }

    @Test
    void sendsBearerTokenAndShowsItNowhere(CapturedOutput output) throws IOException {
        api.admit(request -> has(request, "authorization", "Bearer " + SECRET));

        assertDelivered(run("--colleagues.apis.default.auth.bearer-token=" + SECRET));
        assertShownNowhere(output, SECRET);
    }

    @Test
    void sendsApiKeyAndShowsItNowhere(CapturedOutput output) throws IOException {
        api.admit(request -> has(request, "ocp-key", SECRET));

        assertDelivered(run(
                "--colleagues.apis.default.auth.api-key=" + SECRET,
                "--colleagues.apis.default.auth.api-key-header=Ocp-Key"));
        assertShownNowhere(output, SECRET);
    }

    @Test
    void sendsApiKeyInTheQueryAndShowsItNowhere(CapturedOutput output) throws IOException {
        api.admit(request ->
                request.target().contains("&key=" + SECRET) || request.target().endsWith("?key=" + SECRET));

        assertDelivered(run(
                "--colleagues.apis.default.auth.api-key=" + SECRET,
                "--colleagues.apis.default.auth.api-key-query=key"));
        assertShownNowhere(output, SECRET);
    }

    @Test
    void sendsUserAndPasswordAndShowsThemNowhere(CapturedOutput output) throws IOException {
        String credentials = Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
        api.admit(request -> has(request, "authorization", "Basic " + credentials));

        assertDelivered(
                run("--colleagues.apis.default.auth.username=me", "--colleagues.apis.default.auth.password=" + SECRET));
        assertShownNowhere(output, SECRET);
        assertShownNowhere(output, credentials);
    }

    @Test
    void sendsOAuth2TokenAndShowsItNowhere(CapturedOutput output) throws IOException {
        String credentials = Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
        AtomicInteger tokens = new AtomicInteger();
        api.admit(request -> has(request, "authorization", "Bearer " + TOKEN));
        try (ScriptedServer login = new ScriptedServer(request -> {
            tokens.incrementAndGet();
            return has(request, "authorization", "Basic " + credentials)
                    ? Replies.json("{\"access_token\":\"" + TOKEN + "\",\"expires_in\":3600}")
                    : Replies.error(401);
        })) {
            assertDelivered(run(
                    "--colleagues.apis.default.auth.oauth2.token-url=" + login.url() + "/token",
                    "--colleagues.apis.default.auth.oauth2.client-id=me",
                    "--colleagues.apis.default.auth.oauth2.client-secret=" + SECRET));
        }

        assertThat(tokens).hasValue(1);
        assertShownNowhere(output, SECRET);
        assertShownNowhere(output, TOKEN);
        assertShownNowhere(output, credentials);
    }

    @Test
    void expiredTokenIsRenewedOnceInMidRunAndNothingIsLost(CapturedOutput output) throws IOException {
        AtomicInteger tokens = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        api.admit(request ->
                has(request, "authorization", "Bearer " + TOKEN + (calls.incrementAndGet() <= 60 ? "-1" : "-2")));
        try (ScriptedServer login = new ScriptedServer(request -> Replies.json(
                "{\"access_token\":\"%s-%d\",\"expires_in\":3600}".formatted(TOKEN, tokens.incrementAndGet())))) {
            assertDelivered(run(
                    "--colleagues.apis.default.auth.oauth2.token-url=" + login.url() + "/token",
                    "--colleagues.apis.default.auth.oauth2.client-id=me",
                    "--colleagues.apis.default.auth.oauth2.client-secret=" + SECRET));
        }

        assertThat(tokens).hasValue(2);
        assertShownNowhere(output, TOKEN);
    }

    @Test
    void refusedOAuth2CredentialsEndTheBatchWithExitCode2(CapturedOutput output) throws IOException {
        try (ScriptedServer login = new ScriptedServer(request -> Replies.error(401))) {
            Batch batch = run(
                    "--colleagues.apis.default.auth.oauth2.token-url=" + login.url() + "/token",
                    "--colleagues.apis.default.auth.oauth2.client-id=me",
                    "--colleagues.apis.default.auth.oauth2.client-secret=" + SECRET);

            assertThat(batch.exitCode()).isEqualTo(2);
            assertThat(batch.failure())
                    .endsWith("/people?active=true&page=1&size=500: no access token from " + login.url()
                            + "/token: HTTP 401; check colleagues.apis.default.auth.oauth2");
        }
        assertThat(api.calls()).isEmpty();
        assertShownNowhere(output, SECRET);
    }

    @Test
    void wrongTokenEndsTheBatchWithExitCode2(CapturedOutput output) throws IOException {
        api.admit(request -> has(request, "authorization", "Bearer another"));

        Batch batch = run("--colleagues.apis.default.auth.bearer-token=" + SECRET);

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure()).endsWith(": HTTP 401 Unauthorized");
        assertShownNowhere(output, SECRET);
    }

    private Batch run(String... credentials) {
        String[] arguments = new String[credentials.length + 4];
        System.arraycopy(credentials, 0, arguments, 4, credentials.length);
        arguments[0] = "--colleagues.apis.default.base-url=" + api.url();
        arguments[1] = "--colleagues.apis.default.retry.attempts=2";
        arguments[2] = "--logging.level.org.colleaguesearch=debug";
        arguments[3] = "--logging.level.root=debug";
        return App.once(folder, arguments);
    }

    private void assertDelivered(Batch batch) {
        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(App.errors(folder, "patents"))
                .extracting(error -> error.get("person_id"))
                .containsExactly("p3", "p4", "p5");
        for (String section : List.of("functions", "geography", "memberships")) {
            assertThat(App.errors(folder, section)).isEmpty();
        }
    }

    private void assertShownNowhere(CapturedOutput output, String secret) throws IOException {
        assertThat(output.getAll()).doesNotContain(secret);
        for (Path file : App.files(folder)) {
            // The ledger is binary, but a secret in it would still be readable.
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain(secret);
        }
    }

    private static boolean has(Request request, String header, String value) {
        return value.equals(request.headers().get(header));
    }
}
