package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.colleaguesearch.ScriptedServer.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which hosts an export calls, and what it sends them: the people API and another server on this machine. */
@Timeout(600)
class ExportedHostsIT {
    private static final String SECRET = "hunter2-and-more";

    @TempDir
    Path folder;

    private final Queue<Request> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Request> otherCalls = new ConcurrentLinkedQueue<>();
    private final ScriptedServer other = new ScriptedServer(request -> {
        otherCalls.add(request);
        return Replies.json("{\"n\":2}");
    });
    private final ScriptedServer api = new ScriptedServer(request -> {
        calls.add(request);
        return request.target().equals("/moved")
                ? Replies.status(302, "", "Location: " + other.url() + "/secret")
                : Replies.json("{\"n\":1}");
    });

    @AfterEach
    void closeServers() throws IOException {
        api.close();
        other.close();
    }

    @Test
    void callsOnlyTheHostOfTheApiWithCredentialsAndNoOtherAddressOfThisMachine() throws IOException {
        List<String> hosts = List.of("localhost", "127.0.0.2", "[::1]", "[::ffff:127.0.0.3]", "0.0.0.0");
        List<String> urls = hosts.stream().map(this::onOther).toList();
        try (App app = start("--colleagues.export.allowed-hosts=" + api.url().getAuthority() + ","
                + String.join(
                        ",", hosts.stream().map(host -> host + ":" + port()).toList()))) {
            String answer = app.export(
                    "key",
                    "job",
                    Stream.concat(Stream.of(api.url() + "/own", api.url() + "/moved"), urls.stream())
                            .toList(),
                    null);

            assertThat(answer).contains("\"state\":\"completed\"");
        }

        assertThat(otherCalls).isEmpty();
        assertThat(other.connections()).isZero();
        assertThat(calls).extracting(Request::target).containsExactlyInAnyOrder("/own", "/moved");
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.headers()).containsEntry("authorization", "Bearer " + SECRET));
        assertThat(file("result.jsonl")).isEqualTo("{\"url\":\"%s/own\",\"item\":{\"n\":1}}\n".formatted(api.url()));
        assertThat(file("errors.csv").lines())
                .hasSize(7)
                .anyMatch(line -> line.startsWith(api.url() + "/moved,HTTP 302 Moved Temporarily: redirects"))
                .filteredOn(line ->
                        line.endsWith("resolves to an address that is not public; such hosts are not called,,1"))
                .hasSize(5);
    }

    @Test
    void callsAnAllowedHostWithoutCredentials() throws IOException {
        try (App app = start(
                "--colleagues.export.allowed-hosts=localhost:" + port(),
                "--colleagues.export.allow-private-addresses=true")) {
            app.export("key", "job", List.of(onOther("LOCALHOST.")), null);
            // Allowed hosts replace the host of the API.
            assertThat(app.export("key", "own", List.of(api.url() + "/own"), null))
                    .contains("422", "/urls/0");
        }

        assertThat(otherCalls).singleElement().satisfies(call -> {
            assertThat(call.headers()).doesNotContainKey("authorization").containsEntry("host", "localhost:" + port());
            assertThat(call.toString()).doesNotContain(SECRET);
        });
        assertThat(calls).isEmpty();
    }

    private App start(String... settings) {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 2, settings.length);
        all[0] = "--colleagues.apis.default.base-url=" + api.url();
        all[1] = "--colleagues.apis.default.auth.bearer-token=" + SECRET;
        return App.start(folder, all);
    }

    private int port() {
        return other.url().getPort();
    }

    private String onOther(String host) {
        return URI.create("http://" + host + ":" + port() + "/secret").toString();
    }

    private String file(String name) throws IOException {
        return Files.readString(App.files(folder.resolve("exports")).stream()
                .filter(file -> file.getFileName().toString().equals(name))
                .findFirst()
                .orElseThrow());
    }
}
