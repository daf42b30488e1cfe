package org.colleaguesearch.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.settings.Readers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two writers of one file: a keeper that was suspended while it wrote, and its successor. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "an open file cannot be replaced")
class AtomicFileTest {
    @TempDir
    Path folder;

    private Path target;

    @BeforeEach
    void name() {
        target = folder.resolve("rows.csv");
    }

    @Test
    void formerWriterDoesNotTouchTheFileOfItsSuccessor() throws IOException {
        AtomicFile former = writer();
        write(former, "of the former wri");
        try (AtomicFile successor = writer()) {
            write(successor, "of the ");
            write(former, "ter");
            assertThatIOException().isThrownBy(former::put).withMessageContaining("rows.csv.tmp");
            former.close();
            assertThat(target).doesNotExist();
            write(successor, "successor");
            successor.put();
        }
        assertThat(target).hasContent("of the successor");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void formerWriterIsTooLateAfterItsSuccessor() throws IOException {
        try (AtomicFile former = writer()) {
            write(former, "former");
            try (AtomicFile successor = writer()) {
                write(successor, "successor");
                successor.put();
            }
            assertThatIOException().isThrownBy(former::put);
        }
        assertThat(target).hasContent("successor");
    }

    @Test
    void replacesWhatAKilledWriterLeft() throws IOException {
        Files.writeString(folder.resolve("rows.csv.tmp"), "longer than what is written now");
        try (AtomicFile file = writer()) {
            write(file, "complete");
            file.put();
        }
        assertThat(target).hasContent("complete");
    }

    private AtomicFile writer() throws IOException {
        return new AtomicFile(target, Readers.OWNER);
    }

    private static void write(AtomicFile file, String text) throws IOException {
        file.write(text.getBytes(UTF_8));
    }
}
