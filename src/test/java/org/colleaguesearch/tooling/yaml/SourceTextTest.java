package org.colleaguesearch.tooling.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SourceTextTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(folder.resolve("device"), Path.of("/dev/zero"));
        Files.createDirectory(folder.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("gone"));
        Files.createSymbolicLink(folder.resolve("link"), Files.writeString(folder.resolve("file"), "text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "device", "folder"})
    void rejectsIrregularFilesWithoutOpeningThem(String name) {
        assertThatExceptionOfType(Unreadable.class)
                .isThrownBy(() -> SourceText.read(folder.resolve(name), Path.of(name)))
                .satisfies(e -> assertThat(e.problem().text()).contains("not a regular file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "gone"})
    void rejectsMissingFiles(String name) {
        assertThatExceptionOfType(Unreadable.class)
                .isThrownBy(() -> SourceText.read(folder.resolve(name), Path.of(name)))
                .satisfies(e -> assertThat(e.problem().text()).contains("cannot read"));
    }

    @Test
    void followsLinks() throws Unreadable {
        assertThat(SourceText.read(folder.resolve("link"), Path.of("link"))).isEqualTo("text");
    }
}
