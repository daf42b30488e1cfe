package org.colleaguesearch.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompleteFileFilterTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2008-01-01T00:00:00Z"));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a.csv"), "query\n");
        Files.setLastModifiedTime(file, LONG_AGO);
    }

    @Test
    void acceptsAFileThatIsUnchangedOnTheSecondCheck() {
        CompleteFileFilter files = settledAfter("0s");

        assertThat(files.isSettled(file)).isFalse();
        assertThat(files.isSettled(file)).isTrue();
    }

    @Test
    void ignoresTheModificationTimeOfAFile() {
        CompleteFileFilter files = settledAfter("1h");

        assertThat(files.isSettled(file)).isFalse();
        assertThat(files.isSettled(file)).isFalse();
    }

    @Test
    void acceptsAFileThatIsUnchangedForLongEnough() {
        CompleteFileFilter files = settledAfter("50ms");
        long began = System.nanoTime();

        await().until(() -> files.isSettled(file));

        assertThat(System.nanoTime() - began)
                .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
    }

    @Test
    void startsOverWhenAFileGrowsAndKeepsItsTime() throws IOException {
        CompleteFileFilter files = settledAfter("0s");
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "1\n", StandardOpenOption.APPEND);
            Files.setLastModifiedTime(file, LONG_AGO);
            assertThat(files.isSettled(file)).isFalse();
        }
        assertThat(files.isSettled(file)).isTrue();
    }

    /** As a copy that preallocates its space. */
    @Test
    void startsOverWhenAFileIsWrittenToAndKeepsItsSizeAndTime() throws Exception {
        CompleteFileFilter files = settledAfter("0s");
        files.isSettled(file);
        FileTime before = (FileTime) Files.getAttribute(file, "unix:ctime");
        await().until(() -> {
            Files.writeString(file, "QUERY\n");
            Files.setLastModifiedTime(file, LONG_AGO);
            return !Files.getAttribute(file, "unix:ctime").equals(before);
        });

        assertThat(files.isSettled(file)).isFalse();
    }

    @Test
    void startsOverWithAnotherFileOfTheSameName() throws IOException {
        CompleteFileFilter files = settledAfter("0s");
        files.isSettled(file);
        Path other = Files.writeString(folder.resolve("b.tmp"), "query\n");
        Files.setLastModifiedTime(other, LONG_AGO);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(files.isSettled(file)).isFalse();
    }

    @Test
    void acceptsAFileWithAMarkerImmediately() throws IOException {
        CompleteFileFilter files = settledAfter("1h");
        Files.writeString(folder.resolve("a.csv.done"), "");

        assertThat(files.isSettled(file)).isTrue();
    }

    @Test
    void ignoresTheMarkerOfAnotherFile() throws IOException {
        Files.writeString(folder.resolve("b.csv.done"), "");

        assertThat(settledAfter("1h").isSettled(file)).isFalse();
    }

    @Test
    void rejectsAMissingFile() throws IOException {
        Files.writeString(folder.resolve("a.csv.done"), "");
        Files.delete(file);

        assertThat(settledAfter("0s").isSettled(file)).isFalse();
    }

    private static CompleteFileFilter settledAfter(String settle) {
        return new CompleteFileFilter(ShippedSettings.with("colleagues.extract.settle=" + settle));
    }
}
