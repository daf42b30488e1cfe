package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.settings.OpenToOthers.permissions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the umask that most systems have, 022. */
class ReadersTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "OWNER, rwx------, rw-------, 700, 600",
        "GROUP, rwxr-x---, rw-r-----, 750, 640",
        "ALL, rwxr-xr-x, rw-r--r--, 755, 644"
    })
    void makesFoldersAndFilesForTheseReaders(
            Readers readers, String ofFolder, String ofFile, String folderMode, String fileMode) throws IOException {
        Path made = readers.makeFolder(folder.resolve("a/b/c"));
        readers.write(made.resolve("file"), "text");

        assertThat(permissions(folder.resolve("a"))).isEqualTo(ofFolder);
        assertThat(permissions(made)).isEqualTo(ofFolder);
        assertThat(permissions(made.resolve("file"))).isEqualTo(ofFile);
        assertThat(made.resolve("file")).hasContent("text");
        assertThat(readers.folderMode()).isEqualTo(folderMode);
        assertThat(readers.fileMode()).isEqualTo(fileMode);
    }

    @Test
    void folderThatExistsKeepsItsPermissionsAndFilesInItHaveTheirOwn() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwx---"));

        Readers.OWNER.makeFolder(shared);
        Readers.OWNER.write(shared.resolve("file"), "");

        assertThat(permissions(shared)).isEqualTo("rwxrwx---");
        assertThat(permissions(shared.resolve("file"))).isEqualTo("rw-------");
    }

    /** Whoever can write to a folder that is watched can make links there. */
    @Test
    void whatALinkLeadsToKeepsItsPermissions() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        Readers.OWNER.narrow(link);

        assertThat(permissions(file)).isEqualTo("rw-r--r--");
    }

    @Test
    void fileThatExistsLosesWhatIsBeyondTheReadersAndGetsNothingMore() throws IOException {
        Path open = Files.writeString(folder.resolve("open"), "longer than before");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-r--"));
        Path closed = Files.writeString(folder.resolve("closed"), "");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));

        Readers.GROUP.write(open, "short");
        Readers.ALL
                .open(closed, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();

        assertThat(permissions(open)).isEqualTo("rw-r-----");
        assertThat(open).hasContent("short");
        assertThat(permissions(closed)).isEqualTo("rw-------");
    }
}
