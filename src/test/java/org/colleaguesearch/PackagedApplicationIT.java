package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The jar as it is shipped, in a folder of its own, as a process of its own. */
@Timeout(120)
class PackagedApplicationIT {
    private static final Path JAR = Path.of("target/colleague-search.jar").toAbsolutePath();

    @TempDir
    Path folder;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        assertThat(JAR).exists();
        Files.copy(Path.of("application.yml"), folder.resolve("application.yml"));
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        FileSystemUtils.copyRecursively(Path.of("demo"), folder.resolve("demo"));
    }

    @Test
    void saysHowItIsRun() throws Exception {
        Ended ended = run("--help");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.out()).contains("--once", "--help", "exits with");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void refusesUnknownArgumentInOneLine() throws Exception {
        Ended ended = run("--onec");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).isEqualTo("unknown argument --onec; known are --once, --help and --<key>=<value>\n");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void refusesWrongSettingInOneLine() throws Exception {
        Ended ended = run("--once", "--colleagues.indexing.batch-size=0");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .isEqualTo("cannot start: colleagues.indexing.batch-size is 0: must be greater than or equal to 1\n");
    }

    @Test
    void refusesUnknownIndexerInOneLine() throws Exception {
        Ended ended = run("--once", "--colleagues.deliver-to=csv", "--colleagues.indexing.only=patents,patnets");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .isEqualTo("cannot start: colleagues.indexing.only (RUN_SPECIFIC_INDEXERS_ONLY) names the indexer "
                        + "patnets, which is not under routes/indexers/; there are functions, geography, memberships, "
                        + "patents\n");
    }

    @Test
    void refusesFolderWithoutSettingsInOneLine() throws Exception {
        Files.delete(folder.resolve("application.yml"));
        Ended ended = run("--once");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("cannot start: there is no application.yml in ")
                .hasLineCount(1);
    }

    @Test
    void runsOneBatchAndExits() throws Exception {
        Ended ended = run("--once", "--colleagues.deliver-to=csv");

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().lines())
                .filteredOn(line -> line.contains(" completed: people 240, URLs 240, documents 0, rows "))
                .hasSize(4);
        for (String section : People.SECTIONS) {
            assertThat(files("out/csv/" + section)).hasSize(2).allMatch(name -> name.endsWith(".csv"));
        }
        assertThat(folder.resolve("data/opensearch")).doesNotExist();
    }

    @Test
    void exitsWith2AndSaysWhyWhenNothingCanBeWritten() throws Exception {
        // A file stands where the folder should be.
        Files.writeString(folder.resolve("data"), "");
        Ended ended = run("--once", "--colleagues.deliver-to=csv");

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(2);
        assertThat(ended.out() + ended.err()).contains("data").doesNotContain("\tat ");
    }

    @Test
    void endsSoonAndLeavesNoHalfFilesWhenTerminated() throws Exception {
        try (FaultyApi api = new FaultyApi(People.madeUp(2000))) {
            for (int i = 0; i < 2000; i++) {
                for (String section : People.SECTIONS) {
                    api.always(FaultyApi.path("p" + i, section), good -> connection -> {
                        connection.pause(Duration.ofMillis(100));
                        good.send(connection);
                    });
                }
            }
            Process service = start(
                    "--colleagues.deliver-to=csv",
                    "--colleagues.run-at-start=true",
                    "--management.server.port=0",
                    "--colleagues.indexing.batch-size=10",
                    "--colleagues.api.base-url=" + api.url());
            try {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> files("out/csv").size() > 8 || !service.isAlive());
                assertThat(service.isAlive()).as(read("err")).isTrue();
                service.destroy();
                assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                service.destroyForcibly();
            }
            // 128 + SIGTERM, as shells and schedulers expect.
            assertThat(service.exitValue()).isEqualTo(143);
        }

        assertThat(files("out/csv")).isNotEmpty().allMatch(name -> name.contains(".parts/"));
        assertThat(read("out") + read("err")).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as("it ends by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), read("out"), read("err"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout.txt").toFile())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
    }

    private String read(String stream) throws IOException {
        return Files.readString(folder.resolve("std" + stream + ".txt"));
    }

    /** The names of the files under a folder, relative to it. */
    private List<String> files(String under) throws IOException {
        Path root = folder.resolve(under);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .toList();
        }
    }
}
