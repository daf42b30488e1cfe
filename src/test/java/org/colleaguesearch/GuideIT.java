package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.colleaguesearch.embedded.SharedOpenSearch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows docs/guide.md verbatim: saves each file, runs each command and compares the output. It differs only in its
 * ports, in the OpenSearch, which all tests share, and in the pauses, which are as short as possible.
 */
class GuideIT {
    private static final String INDEX = "guide";
    private static final Pattern PAUSE = Pattern.compile("sleep \\d+; ");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> ports = new HashMap<>();

    @Test
    @Timeout(900)
    void leadsFromAnEmptyFileToATestedScheduledIndexer() throws Exception {
        layOutTools(Packaged.unpackedIn(folder));
        for (String port : new String[] {"8080", "8090", "8099"}) {
            ports.put(":" + port + "/", ":" + freePort() + "/");
        }
        ports.put("demo.port=8099", "demo.port=" + digits(ports.get(":8099/")));
        Files.createDirectories(folder.resolve("data/opensearch"));
        Files.copy(SharedOpenSearch.loginFile(), folder.resolve("data/opensearch/netrc"));
        ports.put("127.0.0.1:9200/colleagues", SharedOpenSearch.url().getAuthority() + "/" + INDEX);

        Process service = null;
        try {
            for (Guide.Step step : Guide.read(Path.of("docs/guide.md")).steps()) {
                if (step instanceof Guide.Save save) {
                    Path file = folder.resolve(save.file());
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, save.text());
                } else if (step instanceof Guide.Command typed && service == null) {
                    service = start(typed);
                } else if (step instanceof Guide.Command typed
                        && typed.command().startsWith("export KEY=")) {
                    environment.put("KEY", printed("data/ledger.first-key").strip());
                } else if (step instanceof Guide.Command typed) {
                    type(typed);
                }
            }
            assertShippedTestsRunWithoutTheDemosIndexers();
        } finally {
            if (service != null) {
                service.descendants().forEach(ProcessHandle::destroy);
                service.destroy();
                service.waitFor();
            }
        }
    }

    /** With the guide's indexers only. */
    private void assertShippedTestsRunWithoutTheDemosIndexers() throws IOException, InterruptedException {
        for (String indexer : new String[] {"functions", "geography", "memberships", "patents"}) {
            Files.delete(folder.resolve("routes/indexers/" + indexer + ".camel.yaml"));
        }

        shell("bin/colleague-search test", "tests.txt").waitFor();

        assertThat(printed("tests.txt"))
                .contains("ok      start-runs: ", "ok      index-sample: ", "ok      index-works: ", " 0 failed, ")
                .doesNotContain("NOT RUN");
    }

    /** The service in the first terminal. */
    private Process start(Guide.Command typed) throws IOException {
        environment.putAll(Map.of(
                "SERVER_PORT",
                digits(ports.get(":8080/")),
                "MANAGEMENT_SERVER_PORT",
                digits(ports.get(":8090/")),
                "COLLEAGUES_OPENSEARCH_URL",
                SharedOpenSearch.url().toString(),
                "OPENSEARCH_USERNAME",
                SharedOpenSearch.login().user(),
                "OPENSEARCH_PASSWORD",
                SharedOpenSearch.login().password().reveal(),
                "COLLEAGUES_OPENSEARCH_ALIAS",
                INDEX,
                "COLLEAGUES_ROUTES_LIVE",
                "true",
                "COLLEAGUES_RUN_AT_START",
                "false"));
        Process service = shell(typed.command(), "service.txt");
        environment.clear();
        await().until(() -> printed("service.txt").contains("Health and metrics"));
        assertThat(typed.isMet(printed("service.txt")))
                .as(printed("service.txt"))
                .isTrue();
        return service;
    }

    /** Runs a command in the second terminal. Where the guide pauses, repeats it until the output is as expected. */
    private void type(Guide.Command typed) throws IOException, InterruptedException {
        String command = PAUSE.matcher(typed.command()).replaceAll("");
        if (command.equals(typed.command())) {
            assertMet(command, typed);
        } else {
            // Rarely: each try takes CPU time from the work that it waits for.
            await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertMet(command, typed));
        }
    }

    private void assertMet(String command, Guide.Command typed) throws IOException, InterruptedException {
        shell(command, "typed.txt").waitFor();
        assertThat(printed("typed.txt"))
                .matches(typed::isMet, "what the guide says of: " + typed.command() + "\n" + typed.output());
    }

    private Process shell(String command, String output) throws IOException {
        String translated = command;
        for (Map.Entry<String, String> port : ports.entrySet()) {
            translated = translated.replace(port.getKey(), port.getValue());
        }
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", translated)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(output).toFile());
        shell.environment().putAll(environment);
        shell.environment().merge("PATH", folder.resolve("bin").toString(), (old, first) -> first + ":" + old);
        return shell.start();
    }

    /** In bin/, where the archive has the start script. */
    private void layOutTools(Packaged application) throws IOException {
        Files.createDirectory(folder.resolve("bin"));
        layOutTool("colleague-search", application.command());
        for (String tool : new String[] {"curl", "jq"}) {
            List<String> command = new ArrayList<>(Packaged.java());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), GuideTools.class.getName(), tool));
            layOutTool(tool, command);
        }
    }

    private void layOutTool(String name, List<String> command) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, """
                #!/bin/sh
                exec '%s' "$@"
                """.formatted(String.join("' '", command)));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String printed(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private static String digits(String text) {
        return text.replaceAll("\\D", "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
