package org.colleaguesearch.tooling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.settings.RouteFolders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFolderTest {
    @TempDir
    Path home;

    private RouteFolder folder;

    @BeforeEach
    void layOut() throws IOException {
        folder = new RouteFolder(home, List.of(Path.of("routes"), RouteFolders.SITE));
        Files.createDirectories(home.resolve("routes/api"));
        write("routes/a.camel.yaml", "- a");
        write("routes/api/b.jq", ".b");
    }

    @Test
    void noticesSavedNewAndDeletedFiles() throws IOException {
        Map<Path, String> before = folder.state();
        assertThat(folder.state()).isEqualTo(before);

        write("routes/a.camel.yaml", "- ab");
        Map<Path, String> saved = folder.state();
        assertThat(saved).isNotEqualTo(before);

        write("routes/api/c.camel.yaml", "- c");
        assertThat(folder.state()).hasSize(3);

        Files.delete(home.resolve("routes/api/c.camel.yaml"));
        assertThat(folder.state()).isEqualTo(saved);
    }

    @Test
    void ignoresOtherFiles() throws IOException {
        Map<Path, String> before = folder.state();
        write("routes/a.test.yaml", "x");
        write("routes/.a.camel.yaml.swp", "x");
        write("routes/4913", "x");

        assertThat(folder.state()).isEqualTo(before);
    }

    @Test
    void followsLinksButNotInCycles() throws IOException {
        Files.createDirectories(home.resolve("mount/..v1"));
        write("mount/..v1/linked.camel.yaml", "- linked");
        Files.createSymbolicLink(home.resolve("mount/..data"), Path.of("..v1"));
        Files.createSymbolicLink(home.resolve("mount/linked.camel.yaml"), Path.of("..data/linked.camel.yaml"));
        Files.createSymbolicLink(home.resolve("routes/mount"), home.resolve("mount"));
        Files.createSymbolicLink(home.resolve("routes/self"), Path.of("."));
        Files.createSymbolicLink(home.resolve("routes/gone.camel.yaml"), Path.of("nowhere"));

        assertThat(folder.read())
                .containsOnlyKeys(
                        Path.of("routes/a.camel.yaml"),
                        Path.of("routes/api/b.jq"),
                        Path.of("routes/mount/linked.camel.yaml"));
    }

    @Test
    void copiesEachFileByteByByte(@TempDir Path copy) throws IOException {
        Files.write(home.resolve("routes/a.camel.yaml"), new byte[] {0, -1, 10, 13, -61, -92});

        RouteFolder.write(folder.read(), copy);

        assertThat(copy.resolve("routes/a.camel.yaml")).hasBinaryContent(new byte[] {0, -1, 10, 13, -61, -92});
        assertThat(copy.resolve("routes/api/b.jq")).hasContent(".b");
        RouteFolder.delete(copy.resolve("routes"));
        assertThat(copy).isEmptyDirectory();
    }

    @Test
    void noticesOwnFilesWhenTheirFolderComesAndGoes() throws IOException {
        Map<Path, String> before = folder.state();
        Files.createDirectories(home.resolve("site/routes"));
        assertThat(folder.state()).isEqualTo(before);

        write("site/routes/own.camel.yaml", "- own");
        assertThat(folder.read()).containsKey(Path.of("site/routes/own.camel.yaml"));

        RouteFolder.delete(home.resolve("site"));
        assertThat(folder.state()).isEqualTo(before);
    }

    @Test
    void failsWhenAnyOtherFolderIsMissing() {
        RouteFolder two = new RouteFolder(home, List.of(Path.of("routes"), Path.of("team/routes")));

        assertThatThrownBy(two::read).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void failsWhenTheFolderIsMissing() {
        assertThatThrownBy(() -> new RouteFolder(home.resolve("gone"), List.of(Path.of("routes"))).state())
                .isInstanceOf(NoSuchFileException.class);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(home.resolve(file), text);
    }
}
