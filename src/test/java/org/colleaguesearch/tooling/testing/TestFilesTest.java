package org.colleaguesearch.tooling.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFilesTest {
    private static final String GOOD = "cases: [{name: x, expect: {body: x}}]";

    @TempDir
    private Path folder;

    @Test
    void findsEachFileBelowAFolderOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("fetch-url.test.yaml"), GOOD);
        Files.writeString(Files.createDirectories(folder.resolve("api")).resolve("get-run.test.yaml"), GOOD);
        Files.writeString(folder.resolve("get-run.camel.yaml"), "");
        Files.createDirectories(folder.resolve("a.test.yaml"));

        TestFiles files = TestFiles.in(List.of(folder, file));

        assertThat(files.problems()).isEmpty();
        assertThat(files.readable()).extracting(TestFile::route).containsExactly("get-run", "fetch-url");
    }

    @Test
    void reportsUnreadableFilesAndReadsTheOthers() throws IOException {
        Path route = Files.writeString(folder.resolve("fetch-url.camel.yaml"), "");
        Path absent = folder.resolve("absent.test.yaml");
        Path torn = Files.writeString(folder.resolve("torn.test.yaml"), "cases: [");
        Path good = Files.writeString(folder.resolve("good.test.yaml"), GOOD);
        Path empty = Files.createDirectories(folder.resolve("empty"));

        TestFiles files = TestFiles.in(List.of(torn, good, route, absent, empty));

        assertThat(files.readable()).extracting(TestFile::route).containsExactly("good");
        assertThat(files.problems().stream().sorted().map(Problem::toString))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(absent + ":1:1: no such file"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        empty + ":1:1: no test in this folder; add one, such as fetch-url.test.yaml"),
                        line -> assertThat(line)
                                .isEqualTo(route + ":1:1: not a test file; the name must end in .test.yaml"),
                        line -> assertThat(line).startsWith(torn + ":1:9: invalid YAML"));
    }
}
