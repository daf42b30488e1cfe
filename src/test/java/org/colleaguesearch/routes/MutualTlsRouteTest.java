package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

/** An API with a private authority, which wants to see a certificate of each client. The private keys are only for this test. */
class MutualTlsRouteTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private HttpsServer server;

    @BeforeEach
    void startServer() throws Exception {
        startServer(0);
    }

    /** With new certificates of its own and of its clients, in the files of the bundle. */
    private void startServer(int port) throws Exception {
        KeyStore own = keys("server");
        KeyStore client = keys("client");
        Files.writeString(
                folder.resolve("authority.pem"),
                pem("CERTIFICATE", own.getCertificate("server").getEncoded()));
        Files.writeString(
                folder.resolve("client.pem"),
                pem("CERTIFICATE", client.getCertificate("client").getEncoded()));
        Files.writeString(
                folder.resolve("client.key"),
                pem("PRIVATE KEY", client.getKey("client", PASSWORD).getEncoded()));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        SSLContext context = context(own, client);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", exchange -> {
            // Each call needs a new connection.
            exchange.getResponseHeaders().set("Connection", "close");
            byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void callsWithTheCertificatesOfTheBundle() {
        Exchange called = call(application().with("colleagues.apis.default.ssl-bundle", "own"));

        assertThat(called.getException()).isNull();
        assertThat(called.getMessage().getBody()).hasToString("{\"a\":1}");
    }

    @Test
    void trustsNoPrivateAuthorityWithoutABundle() {
        assertThat(call(application()).getException()).isInstanceOf(SSLException.class);
    }

    @Test
    void takesChangedFilesOfABundleThatReloads(CapturedOutput output) throws Exception {
        try (RouteApplication application = application()
                .with("colleagues.apis.default.ssl-bundle", "own")
                .with("spring.ssl.bundle.pem.own.reload-on-update", true)
                .with("spring.ssl.bundle.watch.file.quiet-period", "50ms")
                .start()) {
            assertThat(body(application)).isEqualTo("{\"a\":1}");
            Files.writeString(folder.resolve("client.key"), "broken");
            await().until(() -> output.getAll().contains("Unexpected SSL reload error"));
            assertThat(body(application)).isEqualTo("{\"a\":1}");
            int port = server.getAddress().getPort();
            server.stop(0);

            startServer(port);

            await().ignoreExceptions().until(() -> body(application).equals("{\"a\":1}"));
        }
        assertThat(output.getAll()).contains("API default: new connections use the changed certificates of own");
    }

    private String body(RouteApplication application) {
        Exchange called = application.send("call-api", url() + "/people");
        return called.isFailed()
                ? called.getException().toString()
                : called.getMessage().getBody().toString();
    }

    private RouteApplication application() {
        return RouteApplication.of("call-api")
                .with("colleagues.apis.default.base-url", url())
                .with(
                        "spring.ssl.bundle.pem.own.truststore.certificate",
                        folder.resolve("authority.pem").toUri())
                .with(
                        "spring.ssl.bundle.pem.own.keystore.certificate",
                        folder.resolve("client.pem").toUri())
                .with(
                        "spring.ssl.bundle.pem.own.keystore.private-key",
                        folder.resolve("client.key").toUri());
    }

    private String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private Exchange call(RouteApplication application) {
        try (application) {
            return application.start().send("call-api", url() + "/people");
        }
    }

    private static SSLContext context(KeyStore own, KeyStore client) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("client", client.getCertificate("client"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyStore keys(String name) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Files.deleteIfExists(store);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD);
        }
        return keys;
    }

    private static String pem(String kind, byte[] content) {
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + encoded + "\n-----END " + kind + "-----\n";
    }
}
