package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.OpenToOthers;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

class EmbeddedOpenSearchIT {
    // Not in /tmp: one test runs OpenSearch as another user, who cannot read a test's folder there.
    private static final Path ROOT = Path.of("target", "it-embedded").toAbsolutePath();

    private Path data;
    private Path log;

    @BeforeEach
    void newFolder(TestInfo test) throws IOException {
        Path folder = ROOT.resolve(test.getTestMethod().orElseThrow().getName());
        FileSystemUtils.deleteRecursively(folder);
        data = folder.resolve("data");
        log = folder.resolve("logs").resolve("opensearch.log");
    }

    @Test
    void keepsItsDataAndReplacesTheProcessOfAKilledApplication() throws Exception {
        Process application = runApplication("ready");
        URI left = URI.create(awaitWaiting(application));
        assertThat(put(left.resolve("/kept/_doc/1?refresh=true"), "{\"name\":\"Ada\"}"))
                .isEqualTo(201);
        application.destroyForcibly().waitFor();
        ProcessHandle orphan = child();
        assertThat(orphan.isAlive()).isTrue();

        ProcessHandle next;
        try (EmbeddedOpenSearch opensearch = started(settings(0))) {
            assertThat(orphan.isAlive()).isFalse();
            URI url = opensearch.awaitReady();
            next = child();
            assertThat(get(url.resolve("/kept/_doc/1"))).contains("Ada");
            assertThatThrownBy(() -> started(settings(0)))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("another Colleague Search")
                    .hasMessageContaining("" + ProcessHandle.current().pid());
            assertThat(runApplication("not").waitFor())
                    .as("a second application's exit")
                    .isEqualTo(1);
        }
        assertThat(next.isAlive()).isFalse();
        assertThat(data.resolve("child.properties")).doesNotExist();
    }

    @Test
    void runsAsAnotherUserWithoutUserNamespacesAndStopsAnOrphanThatIsNotReady() throws Exception {
        assumeThat(Probe.succeeds(RunAs.NOBODY_USER.probe()))
                .as("root, with setpriv")
                .isTrue();
        assumeThat(Probe.succeeds(List.of("setpriv", "--reuid=65534", "--clear-groups", "test", "-r", "target")))
                .as("a work tree open to all users")
                .isTrue();
        Process application = runApplication("not");
        awaitWaiting(application);
        application.destroyForcibly().waitFor();
        ProcessHandle orphan = child();

        ProcessHandle child;
        try (EmbeddedOpenSearch opensearch = new EmbeddedOpenSearch(settings(0), List.of(RunAs.NOBODY_USER))) {
            opensearch.start();
            assertThat(orphan.isAlive()).isFalse();
            URI url = opensearch.awaitReady();
            child = child();
            assertThat(put(url.resolve("/other/_doc/1"), "{}")).isEqualTo(201);
            assertThat(Files.getAttribute(Path.of("/proc/" + child.pid()), "unix:uid"))
                    .isEqualTo(65_534);
            // That user may only traverse the folder, so its other processes cannot read the password.
            assertThat(OpenToOthers.permissions(data)).isEqualTo("rwx-----x");
            assertThat(OpenToOthers.below(data)).containsExactly("rwx-----x ");
        }
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    @Timeout(600)
    void stopsImmediatelyWhenClosedWhileStarting() throws Exception {
        EmbeddedOpenSearch opensearch = started(settings(0));
        ProcessHandle child = child();
        CompletableFuture<URI> waiting = CompletableFuture.supplyAsync(opensearch::awaitReady);
        opensearch.close();
        opensearch.close();
        assertThat(waiting)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .withMessageContaining("stopped before it was ready");
        assertThat(child.isAlive()).isFalse();
        assertThatThrownBy(opensearch::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesNoProcessWhenTheApplicationStopsWhileStarting() throws Exception {
        Process application = runApplication("not");
        awaitWaiting(application);
        ProcessHandle child = child();
        application.destroy();
        assertThat(application.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void namesTheTimeoutWhenItIsTooShort() {
        Settings.Embedded hasty =
                new Settings.Embedded(null, 0, DataSize.ofMegabytes(512), data, log, Duration.ofMillis(300));
        try (EmbeddedOpenSearch opensearch = started(hasty)) {
            ProcessHandle child = child();
            assertThatThrownBy(opensearch::awaitReady)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageStartingWith("colleagues.opensearch.embedded.start-timeout=300ms: ")
                    .hasMessageContaining(log.toString());
            assertThat(child.isAlive()).isFalse();
        }
    }

    @Test
    void namesTheHeapWhenJavaRefusesIt() {
        Settings.Embedded tiny =
                new Settings.Embedded(null, 0, DataSize.ofMegabytes(1), data, log, Duration.ofMinutes(2));
        try (EmbeddedOpenSearch opensearch = started(tiny)) {
            assertThatThrownBy(opensearch::awaitReady)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageStartingWith("colleagues.opensearch.embedded.heap=1MB: too small");
        }
    }

    @Test
    void namesTheHeapWhenItIsLargerThanTheMachine() {
        assertRefused(new Settings.Embedded(null, 0, DataSize.ofTerabytes(100), data, log, Duration.ofMinutes(2)))
                .hasMessageStartingWith("colleagues.opensearch.embedded.heap=104857600MB: this machine has ");
    }

    @Test
    void namesThePortWhenItIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(settings(taken.getLocalPort()))
                    .hasMessageStartingWith(
                            "colleagues.opensearch.embedded.port=" + taken.getLocalPort() + ": the port is in use");
        }
    }

    @Test
    void namesTheFolderWithoutADistribution() {
        assertRefused(new Settings.Embedded(
                        ROOT.resolve("nowhere"), 0, DataSize.ofMegabytes(512), data, log, Duration.ofMinutes(2)))
                .hasMessageContaining(ROOT.resolve("nowhere").toString())
                .hasMessageContaining("colleagues.opensearch.embedded.home");
    }

    @Test
    void namesTheDataFolderWhenItCannotBeCreated() throws IOException {
        Files.createDirectories(data.getParent());
        Files.writeString(data, "a file");
        assertRefused(settings(0))
                .hasMessageStartingWith("colleagues.opensearch.embedded.data=" + data + ": cannot write");
    }

    @Test
    void namesTheLogWhenItCannotBeWritten() throws IOException {
        Files.createDirectories(log);
        assertRefused(settings(0)).hasMessageStartingWith("colleagues.opensearch.embedded.log=" + log);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Settings.Embedded settings) {
        return assertThatThrownBy(() -> started(settings)).isInstanceOf(StartFailure.class);
    }

    private Settings.Embedded settings(int port) {
        Path home = QuickDistribution.home();
        Settings.Embedded any = AbandoningApplication.settings(home, data, log);
        return new Settings.Embedded(home, port, any.heap(), data, log, any.startTimeout());
    }

    private static EmbeddedOpenSearch started(Settings.Embedded settings) {
        EmbeddedOpenSearch opensearch = new EmbeddedOpenSearch(settings);
        opensearch.start();
        return opensearch;
    }

    private ProcessHandle child() {
        return ChildRecord.read(data.resolve("child.properties"))
                .flatMap(ChildRecord::process)
                .orElseThrow();
    }

    private Process runApplication(String until) throws IOException {
        return new ProcessBuilder(
                        Launch.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AbandoningApplication.class.getName(),
                        QuickDistribution.home().toString(),
                        data.toString(),
                        log.toString(),
                        until)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String awaitWaiting(Process application) throws IOException {
        try (BufferedReader output = application.inputReader()) {
            return output.lines()
                    .filter(line -> line.startsWith("waiting "))
                    .findFirst()
                    .orElseThrow()
                    .substring("waiting ".length());
        }
    }

    private int put(URI url, String json) throws Exception {
        return send(HttpRequest.newBuilder(url)
                        .header("Authorization", login().authorization())
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(json)))
                .statusCode();
    }

    private String get(URI url) throws Exception {
        return send(HttpRequest.newBuilder(url).header("Authorization", login().authorization()))
                .body();
    }

    /** The login as curl reads it. */
    private Login login() throws IOException {
        List<String> words = List.of(Files.readString(data.resolve("netrc")).split("\\s+"));
        return new Login(words.get(3), Secret.valueOf(words.get(5)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        // An upgrade to HTTP/2 hangs occasionally.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        }
    }
}
