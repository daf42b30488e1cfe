package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The packaged application in its own folder, started as a separate process.
 *
 * @param jar the arguments of Java that say what is started
 */
record Packaged(Path folder, List<String> jar) {
    static final Path JAR = Path.of("target/colleague-search.jar").toAbsolutePath();
    private static final List<String> AS_SHIPPED = List.of("-jar", JAR.toString());

    record Ended(int exitCode, String out, String err) {}

    /** The packaged jar, in a folder laid out like a user's. */
    static Packaged in(Path folder) throws IOException {
        assertThat(JAR).exists();
        return laidOut(folder, AS_SHIPPED);
    }

    /** The same with the jar unpacked, for tests that start it repeatedly. */
    static Packaged unpackedIn(Path folder) throws IOException {
        assertThat(JAR).exists();
        return laidOut(folder, UnpackedJar.arguments());
    }

    /** The same folder, with the packaged jar. */
    Packaged asJar() {
        return new Packaged(folder, AS_SHIPPED);
    }

    /** The archive that users unpack. */
    static Path archive() throws IOException {
        try (Stream<Path> files = Files.list(JAR.getParent())) {
            return files.filter(file -> file.getFileName().toString().matches("colleague-search-.*\\.zip"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Packaged laidOut(Path folder, List<String> jar) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Path.of("application.yml"), folder.resolve("application.yml"));
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        FileSystemUtils.copyRecursively(Path.of("demo"), folder.resolve("demo"));
        return new Packaged(folder, jar);
    }

    Ended run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("exits").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), out(), err());
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("stdout.txt").toFile())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
    }

    /** The command line up to the application's arguments. */
    List<String> command() {
        return Stream.concat(java().stream(), jar.stream()).toList();
    }

    /** Options for a quick start; the speed of the application does not matter here. */
    static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC");
    }

    /** The output of the last process. */
    String out() throws IOException {
        return Files.readString(folder.resolve("stdout.txt"));
    }

    String err() throws IOException {
        return Files.readString(folder.resolve("stderr.txt"));
    }

    /** The names of the files under a folder, relative to it. */
    List<String> files(String under) throws IOException {
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
