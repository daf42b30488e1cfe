package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.junit.jupiter.api.Named.named;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Readers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A folder and a bucket behave in the same way. The bucket is that of a real S3 server. */
@Timeout(120)
class FileStoreTest {
    /** In bytes: the smallest that S3 accepts. */
    private static final int PIECE = 5 * 1024 * 1024;

    @TempDir
    static Path folder;

    private static S3Server server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = S3Server.start(folder);
        client = server.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    static Stream<Named<FileStore>> stores() {
        return Stream.of(
                named("folder", new FolderStore(folder.resolve("files"), Readers.OWNER)), named("bucket", bucket()));
    }

    private static BucketStore bucket() {
        return new BucketStore(
                client, S3Server.BUCKET, "csv/", new Upload(folder.resolve("local"), Readers.OWNER, PIECE));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void writesReplacesAndReads(FileStore store) throws IOException {
        Instant before = Instant.now().minus(Duration.ofSeconds(2));
        write(store, "a/x.csv", "first, and longer");
        write(store, "a/x.csv", "zoë,😀\r\n");

        StoredFile file = store.find("a/x.csv").orElseThrow();
        assertThat(file.name()).isEqualTo("a/x.csv");
        assertThat(file.size()).isEqualTo(11);
        assertThat(file.modified()).isBetween(before, Instant.now().plusSeconds(2));
        assertThat(read(store, file)).isEqualTo("zoë,😀\r\n");
        assertThat(store.place("a/x.csv")).endsWith("a/x.csv");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void readsRanges(FileStore store) throws IOException {
        write(store, "range", "0123456789");
        StoredFile file = store.find("range").orElseThrow();

        assertThat(text(store.read(file, 3, 4))).isEqualTo("3456");
        assertThat(text(store.read(file, 9, 1))).isEqualTo("9");
        assertThat(text(store.read(file, 0, 0))).isEmpty();
        try (InputStream bytes = store.read(file, 7, 2)) {
            assertThat(List.of(bytes.read(), bytes.read(), bytes.read())).containsExactly((int) '7', (int) '8', -1);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void missingFileIsNoFailureUntilItIsRead(FileStore store) throws IOException {
        StoredFile none = new StoredFile("none/at-all", 10, Instant.now());

        assertThat(store.find(none.name())).isEmpty();
        assertThat(store.list("none")).isEmpty();
        store.delete(none.name());
        store.deleteAll("none");
        assertThatThrownBy(() -> read(store, none)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.copy(List.of(none), new ByteArrayOutputStream()))
                .isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @MethodSource("stores")
    void listsAndDeletesFolders(FileStore store) throws IOException {
        for (String name :
                List.of("l/b.parts/2", "l/b.parts/1", "l/b.parts/deep/3", "l/b.csv", "l/b.parts2/1", "l/c")) {
            write(store, name, name);
        }
        write(store, "l/empty", "");

        assertThat(store.list("l/b.parts"))
                .extracting(StoredFile::name, StoredFile::size)
                .containsExactly(tuple("l/b.parts/1", 11L), tuple("l/b.parts/2", 11L), tuple("l/b.parts/deep/3", 16L));
        assertThat(store.size("l/b.parts")).isEqualTo(38);

        store.deleteAll("l/b.parts");
        store.delete("l/c");

        assertThat(store.list("l")).extracting(StoredFile::name).containsExactly("l/b.csv", "l/b.parts2/1", "l/empty");
    }

    /** More than one page of a list, one request to delete, and the files that are read ahead. */
    @ParameterizedTest
    @MethodSource("stores")
    void joinsAndDeletesManyFiles(FileStore store) throws IOException {
        List<String> rows = IntStream.range(0, 1_010)
                .mapToObj(i -> i % 7 == 0 ? "" : "row " + i + "\r\n")
                .toList();
        List<Future<?>> writes = new ArrayList<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < rows.size(); i++) {
                String name = "many/%09d".formatted(i);
                byte[] row = rows.get(i).getBytes(StandardCharsets.UTF_8);
                writes.add(writers.submit(() -> {
                    store.write(name, out -> out.write(row));
                    return name;
                }));
            }
        }
        assertThat(writes).allMatch(write -> write.state() == Future.State.SUCCESS);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();

        store.copy(store.list("many"), joined);

        assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(String.join("", rows));
        store.deleteAll("many");
        assertThat(store.list("many")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void keepsTheOrderOfFilesOfAnySize(FileStore store) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int size : List.of(3, BucketStore.BLOCK, 0, BucketStore.BLOCK + 1, 1, 3 * BucketStore.BLOCK)) {
            String name = "sizes/" + files.size();
            byte[] content = random(size);
            store.write(name, out -> out.write(content));
            expected.write(content);
            files.add(store.find(name).orElseThrow());
        }
        ByteArrayOutputStream joined = new ByteArrayOutputStream();

        store.copy(files, joined);

        assertThat(joined.toByteArray()).isEqualTo(expected.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void writesAndReplacesHugeFiles(FileStore store) throws IOException {
        for (int size : List.of(2 * PIECE, 2 * PIECE + 12_345)) {
            byte[] content = random(size);

            store.write("huge", out -> out.write(content));

            StoredFile file = store.find("huge").orElseThrow();
            assertThat(file.size()).isEqualTo(size);
            try (InputStream in = store.read(file)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
        assertThat(localFiles()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void failedContentLeavesNothing(FileStore store) throws IOException {
        write(store, "failing", "kept");
        for (String name : List.of("failing", "failed/new")) {
            assertThatThrownBy(() -> store.write(name, out -> {
                        out.write(random(2 * PIECE));
                        throw new IOException("No space left on device");
                    }))
                    .hasMessage("No space left on device");
        }

        assertThat(read(store, store.find("failing").orElseThrow())).isEqualTo("kept");
        assertThat(store.list("failed")).isEmpty();
        assertThat(localFiles()).isEmpty();
    }

    @Test
    void failedUploadLeavesNothing() {
        BucketStore missing = new BucketStore(
                client, "no-such-bucket", "csv/", new Upload(folder.resolve("local"), Readers.OWNER, PIECE));

        for (int size : List.of(1, 2 * PIECE)) {
            assertThatThrownBy(() -> missing.write("x", out -> out.write(random(size))))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("s3://no-such-bucket/csv/x: ");
        }
        assertThat(localFiles()).isEmpty();
    }

    @Test
    void noticesThatAFileWasReplacedWhileItIsRead() throws IOException {
        BucketStore store = bucket();
        write(store, "replaced", "0123456789");
        StoredFile before = store.find("replaced").orElseThrow();
        write(store, "replaced", "0123");

        assertThatThrownBy(() -> read(store, before))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was replaced");
    }

    private static void write(FileStore store, String name, String text) throws IOException {
        store.write(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String read(FileStore store, StoredFile file) throws IOException {
        return text(store.read(file));
    }

    private static String text(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** What uploads have left. */
    private static List<Path> localFiles() {
        try (Stream<Path> all = Files.walk(Files.createDirectories(folder.resolve("local")))) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
