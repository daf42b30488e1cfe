package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.OpenToOthers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other users of the machine, and web pages in their browsers, can do to the embedded OpenSearch: nothing. */
@Timeout(600)
class PrivateOpenSearchIT {
    private static final String AUTHORIZATION = "Authorization: ";

    /** What a browser sends to another site, from a form or fetch(), without a preflight request. */
    private static final String DELETE_ALL =
            "POST /it-private/_delete_by_query?q=* HTTP/1.1\r\nContent-Type: text/plain\r\n";

    private final Path data = SharedOpenSearch.loginFile().toAbsolutePath().getParent();
    private String host;
    private String login;

    @BeforeEach
    void index() throws IOException {
        host = "Host: 127.0.0.1:" + SharedOpenSearch.url().getPort() + "\r\n";
        login = AUTHORIZATION + SharedOpenSearch.login().authorization() + "\r\n";
        assertThat(send(
                        "PUT /it-private/_doc/1?refresh=true HTTP/1.1\r\nContent-Type: application/json\r\n" + host
                                + login,
                        "{}"))
                .containsPattern("^HTTP/1.1 20[01] ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "HEAD / HTTP/1.1\r\n",
                "HEAD /it-private HTTP/1.1\r\n",
                "GET /it-private HTTP/1.1\r\n",
                "GET /no-such-index HTTP/1.1\r\n",
                "GET /_search HTTP/1.1\r\n",
                "GET /_cat/indices HTTP/1.1\r\n",
                "GET /_nodes HTTP/1.1\r\n",
                "GET /_cluster/health HTTP/1.1\r\n",
                "GET /_cluster/health?error_trace=true HTTP/1.1\r\n",
                "DELETE /it-private HTTP/1.1\r\n",
                "DELETE /_all HTTP/1.1\r\n",
                "PUT /_cluster/settings HTTP/1.1\r\nContent-Type: application/json\r\n",
                "POST /_bulk HTTP/1.1\r\nContent-Type: application/x-ndjson\r\n",
                DELETE_ALL
            })
    void requestsWithoutTheLoginGet401AndChangeNothing(String request) throws IOException {
        for (String other : List.of(
                "",
                AUTHORIZATION + "Basic ZXZlOnB3ZA==\r\n",
                AUTHORIZATION + "Bearer x\r\n",
                login.substring(0, login.length() - 4) + "\r\n",
                login + login)) {
            assertThat(send(request + host + other, body(request)))
                    .startsWith("HTTP/1.1 401 ")
                    .doesNotContain("it-private");
        }
        assertIsThere();
    }

    /** DNS rebinding: a page of example.org, whose name then resolves to 127.0.0.1. */
    @ParameterizedTest
    @ValueSource(strings = {"example.org", "example.org:9200", "127.0.0.1.example.org", "192.168.1.1"})
    void requestsToAnotherHostAreRefusedEvenWithTheLogin(String foreign) throws IOException {
        assertThat(send(DELETE_ALL + "Host: " + foreign + "\r\n" + login, "")).startsWith("HTTP/1.1 403 ");
        assertIsThere();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org", "null", "http://localhost:8080"})
    void requestsOfWebPagesAreRefusedEvenWithTheLogin(String origin) throws IOException {
        assertThat(send(DELETE_ALL + host + login + "Origin: " + origin + "\r\n", ""))
                .startsWith("HTTP/1.1 403 ");
        assertIsThere();
    }

    /** OpenSearch answers these before it calls a handler. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "OPTIONS /it-private HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n",
                "DELETE /_cluster/health HTTP/1.1\r\n",
                "GET /_no/such/path/at/all HTTP/1.1\r\n",
                "GET /favicon.ico HTTP/1.1\r\n",
                "GET /%zz HTTP/1.1\r\n",
                "POST /it-private/_search HTTP/1.1\r\nContent-Type: text/plain\r\n",
                "GARBAGE\r\n"
            })
    void responsesWithoutLoginRevealNoData(String request) throws IOException {
        assertThat(send(request + host, body(request)))
                .doesNotContain("cluster_name", "\"embedded\"", "_source", "Access-Control");
        assertIsThere();
    }

    @Test
    void refusesDeletesByPatternAndScriptsInSearchesEvenWithTheLogin() throws IOException {
        assertThat(send("DELETE /it-priv* HTTP/1.1\r\n" + host + login, "")).startsWith("HTTP/1.1 400 ");
        String script = "{\"query\":{\"script\":{\"script\":\"true\"}}}";
        assertThat(send(
                        "POST /it-private/_search HTTP/1.1\r\nContent-Type: application/json\r\n" + host + login,
                        script))
                .startsWith("HTTP/1.1 400 ")
                .contains("cannot execute scripts using [filter] context");
        assertIsThere();
    }

    /** A transport port would accept any request from any user. */
    @Test
    void listensOnlyOnItsHttpPort() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")));

        assertThat(listening(child().pid()))
                .containsExactly(SharedOpenSearch.url().getPort());
    }

    @Test
    void onlyTheOwnerCanReadWhatItWrites() {
        assertThat(OpenToOthers.below(data)).isEmpty();
        assertThat(OpenToOthers.below(Path.of("target", "it-opensearch.log"))).isEmpty();
    }

    @Test
    void passwordIsOnlyInItsFile() throws IOException {
        String password = SharedOpenSearch.login().password().reveal();
        assertThat(password).hasSizeGreaterThan(40);
        assertThat(SharedOpenSearch.loginFile())
                .content()
                .contains("machine 127.0.0.1 login colleague-search password " + password + "\n");

        assertThat(child().info().commandLine().orElse("")).doesNotContain(password);
        Path environment = Path.of("/proc", "" + child().pid(), "environ");
        if (Files.exists(environment)) {
            assertThat(Files.readString(environment, StandardCharsets.ISO_8859_1))
                    .doesNotContain(password);
        }
        assertThat(Path.of("target", "it-opensearch.log")).content().doesNotContain(password);
        try (Stream<Path> files = Files.walk(data.resolve("config"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .doesNotContain(password));
        }
        assertThat(SharedOpenSearch.login().toString()).doesNotContain(password);
    }

    private void assertIsThere() throws IOException {
        assertThat(send("GET /it-private/_count HTTP/1.1\r\n" + host + login, ""))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"count\":1,");
    }

    private ProcessHandle child() {
        return ChildRecord.read(data.resolve("child.properties"))
                .flatMap(ChildRecord::process)
                .orElseThrow();
    }

    /** The TCP ports that a process of this machine listens on. */
    private static Set<Integer> listening(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + pid, "fd"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.isSymbolicLink(file)) {
                    sockets.add(Files.readSymbolicLink(file).toString());
                }
            }
        }
        Set<Integer> ports = new HashSet<>();
        List<String> all = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        if (Files.exists(Path.of("/proc/net/tcp6"))) {
            all.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        }
        for (String line : all) {
            // sl, local address, remote address, state (0A: it listens), …, the inode as the tenth.
            String[] columns = line.strip().split("\\s+", -1);
            if (columns[3].equals("0A") && sockets.contains("socket:[" + columns[9] + "]")) {
                ports.add(Integer.parseInt(columns[1].substring(columns[1].lastIndexOf(':') + 1), 16));
            }
        }
        return ports;
    }

    private static String body(String request) {
        return request.contains("Content-Type") && !request.equals(DELETE_ALL) ? "{}" : "";
    }

    /** The response to this raw request: Java's HTTP client does not send every Host and Origin. */
    private static String send(String head, String body) throws IOException {
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), SharedOpenSearch.url().getPort())) {
            socket.setSoTimeout(60_000);
            String text = head + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
