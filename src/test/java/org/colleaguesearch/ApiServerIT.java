package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** When and where the API listens, and the first key. */
@Timeout(600)
class ApiServerIT {
    @TempDir
    Path folder;

    @Test
    void firstStartWritesAKeyThatLaterStartsAccept(CapturedOutput output) throws Exception {
        String key;
        try (App app = App.service(folder)) {
            Path file = folder.resolve("ledger.first-key");
            key = Files.readString(file).strip();
            assertThat(key).matches("first\\.[\\w-]{43}");
            assertThat(output.getAll())
                    .contains("all scopes in " + file)
                    .doesNotContain(key.substring("first.".length()));

            assertThat(output.getOut()).contains("API on http://127.0.0.1:" + app.apiPort());
            assertThat(get(app, "http", HttpClient.newHttpClient(), key).statusCode())
                    .isEqualTo(200);
        }
        int before = output.getOut().length();
        // The same over TLS; the private key is only for tests.
        Path store = folder.resolve("tls.p12");
        keytool(store);
        try (App app = App.service(
                folder,
                "--server.ssl.key-store=" + store.toUri(),
                "--server.ssl.key-store-password=changeit",
                "--server.ssl.key-store-type=PKCS12")) {
            assertThat(get(app, "https", trusting(store), key).statusCode()).isEqualTo(200);
            assertThat(get(app, "https", trusting(store), key + "x").statusCode())
                    .isEqualTo(401);
            assertThat(get(app, "http", HttpClient.newHttpClient(), key).statusCode())
                    .isEqualTo(400);
        }
        assertThat(output.getOut().substring(before))
                .contains("API on https://127.0.0.1:", "using the first API key")
                .doesNotContain(key.substring("first.".length()));
    }

    @Test
    void acceptsFilesWithPathsThatLeadUpwards() throws IOException {
        Path people = Files.copy(Path.of("demo/people.jsonl"), folder.resolve("people.jsonl"));
        Path upwards = Path.of("").toAbsolutePath().relativize(people.toAbsolutePath());
        assertThat(upwards).startsWithRaw(Path.of(".."));

        try (App app = App.service(folder, "--colleagues.demo.people=" + upwards)) {
            assertThat(app.runBatch("test").exitCode()).isZero();
        }
    }

    @Test
    void reportsInOneLineThatThePortIsInUse(CapturedOutput output) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> App.service(folder, "--server.port=" + taken.getLocalPort())
                            .close())
                    .isInstanceOf(RuntimeException.class);

            assertThat(output.getErr())
                    .startsWith("cannot start: server.port: " + taken.getLocalPort() + " is in use; ")
                    .hasLineCount(1);
        }
    }

    @Test
    void singleBatchOpensNoApiPortAndCreatesNoKey(CapturedOutput output) {
        try (App app = App.start(folder, "--management.server.port=0", "--server.port=0")) {
            assertThat(app.managementPort()).isNotZero();
            assertThat(app.apiPort()).isLessThanOrEqualTo(0);
            assertThat(app.hasRoute("rest")).isFalse();
        }
        assertThat(output.getOut()).doesNotContain("ApiAddress", "X-API-Key");
    }

    private static HttpResponse<String> get(App app, String scheme, HttpClient client, String key)
            throws IOException, InterruptedException {
        URI uri = URI.create(scheme + "://127.0.0.1:" + app.apiPort() + "/api/indexers");
        try (client) {
            return client.send(
                    HttpRequest.newBuilder(uri).header("X-API-Key", key).build(), BodyHandlers.ofString());
        }
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "api",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
    }

    private static HttpClient trusting(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, "changeit".toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("api", keys.getCertificate("api"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
