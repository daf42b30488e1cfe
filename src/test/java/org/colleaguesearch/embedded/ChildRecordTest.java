package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildRecordTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = folder.resolve("child.properties");
        ChildRecord record = new ChildRecord(42, Instant.parse("2026-01-01T10:00:00.120Z"));
        record.write(file);
        record.write(file);
        assertThat(ChildRecord.read(file)).contains(record);
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void missingOrInvalidFileIsNoRecord() throws IOException {
        Path file = folder.resolve("child.properties");
        assertThat(ChildRecord.read(file)).isEmpty();
        for (String text : new String[] {"", "pid=x", "pid=1\nstarted=yesterday", "pid=\\u00"}) {
            Files.writeString(file, text);
            assertThat(ChildRecord.read(file)).as(text).isEmpty();
        }
    }

    @Test
    void ignoresAnotherProcessWithAReusedId() {
        ProcessHandle other = ProcessHandle.current();
        ChildRecord record = ChildRecord.of(other);
        assertThat(new ChildRecord(other.pid(), record.started().minus(Duration.ofMinutes(1))).process())
                .isEmpty();
        assertThat(new ChildRecord(Integer.MAX_VALUE, record.started()).process())
                .isEmpty();
    }
}
