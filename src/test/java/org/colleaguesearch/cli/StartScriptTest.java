package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** How bin/colleague-search calls Java: runs in an unpacked archive, with a Java that prints folder and arguments. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptTest {
    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void layOut() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("of the archive"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(Path.of("src/main/bin/colleague-search"), home.resolve("bin/colleague-search"));
    }

    @Test
    void startsACommandQuicklyInTheFolderOfTheArchive() throws Exception {
        List<String> lines = run(Map.of("JAVA_HOME", java("21.0.1")), "--check", "a b", "--x.y=z");

        assertThat(lines)
                .startsWith(home.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
                .contains("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + home.resolve("cache/check.jsa"))
                .endsWith("-jar", home.resolve("colleague-search.jar").toString(), "--check", "a b", "--x.y=z");
    }

    @Test
    void startsTheServiceWithOptionsForLongRunsAndJavaOpts() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", java("25"), "JAVA_OPTS", "-Xmx1g -XX:+UseZGC")))
                .contains("-Xmx1g", "-XX:+UseZGC", "-Xlog:aot*=off:stderr")
                .doesNotContain("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    @Test
    void usesOnlyTheCollectorOfJavaOpts() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", java("21"), "JAVA_OPTS", "-XX:+UseZGC"), "test"))
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseSerialGC", "-Xlog:aot*=off:stderr");
    }

    @Test
    void usesJavaFromPathWhenJavaHomeIsTooOld() throws Exception {
        String old = java("17.0.15");
        String path = java("22") + "/bin:" + System.getenv("PATH");

        assertThat(run(Map.of("JAVA_HOME", old, "PATH", path), "--version"))
                .startsWith(home.toString())
                .endsWith("--version");
    }

    @Test
    void staysInAFolderWithSettings() throws Exception {
        Files.createFile(folder.resolve("application.yml"));

        assertThat(run(Map.of("JAVA_HOME", java("21")), "once").get(0))
                .isEqualTo(folder.toRealPath().toString());
    }

    /** The home folder of a fake Java; a version that is too old fails. */
    private String java(String version) throws IOException {
        Path jdk = folder.resolve("jdk-" + version);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path java =
                Files.writeString(jdk.resolve("bin/java"), """
                #!/bin/sh
                pwd -P
                printf '%s\\n' "$@"
                exit STATUS
                """.replace("STATUS", version.startsWith("17") ? "1" : "0"));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk.toString();
    }

    private List<String> run(Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder script = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        "sh",
                                        home.resolve("bin/colleague-search").toString()),
                                Stream.of(arguments))
                        .toList())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        script.environment().keySet().removeAll(List.of("JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        script.environment().putAll(environment);
        Process process = script.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().toList();
    }
}
