package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.colleaguesearch.Packaged.Ended;
import org.colleaguesearch.delivery.S3Server;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files in a bucket of a real S3 server in place of folders. */
@Timeout(600)
class BucketIT {
    private static final String[] TO_CSV = {"once", "--colleagues.deliver-to=csv", "--colleagues.indexing.batch-size=10"
    };

    @TempDir
    Path folder;

    private S3Server server;

    @BeforeEach
    void start() throws IOException {
        server = S3Server.start(folder.resolve("server"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Those are as in folders: see below. */
    @Test
    void packagedApplicationWritesToTheBucketAlone() throws Exception {
        Packaged application = Packaged.unpackedIn(folder.resolve("application"));

        Ended ended = application.run(with(server.settings()));

        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).doesNotContain("secret");
        assertThat(contents(server.objects().resolve("csv"))).hasSize(8);
        assertThat(application.files("out")).isEmpty();
    }

    private static String[] with(String... settings) {
        return Stream.concat(Stream.of(TO_CSV), Stream.of(settings)).toArray(String[]::new);
    }

    /** The files in a folder, by name without the id of the batch. */
    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path file : App.files(root)) {
            String name = root.relativize(file).toString().replaceFirst("\\d{8}T\\d{9}Z", "batch");
            contents.put(name, Files.readString(file));
        }
        return contents;
    }

    @Test
    void runPausesWhenTheServerIsDownAndIsResumed() throws Exception {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(200))) {
            String[] settings = {"--colleagues.apis.default.base-url=" + api.url(), "--colleagues.indexing.batch-size=5"
            };
            App.once(folder.resolve("folders"), settings);
            int before = api.total();
            api.after(Duration.ofMillis(40));
            try (App app = App.start(
                    folder.resolve("app"),
                    Stream.of(settings, server.settings()).flatMap(Stream::of).toArray(String[]::new))) {
                CompletableFuture<Batch> batch = CompletableFuture.supplyAsync(() -> app.runBatch("test"));
                await().until(() -> api.total() > before + 150);
                server.close();

                assertThat(batch.get(3, TimeUnit.MINUTES).state()).isEqualTo(State.PAUSED);
                api.after(Duration.ZERO);
                server.restart();

                assertThat(app.resume()).extracting(Batch::state).containsExactly(State.COMPLETED);
            }
        }
        assertThat(contents(server.objects().resolve("csv"))).isEqualTo(contents(folder.resolve("folders/csv")));
    }

    /** Made by one application and downloaded from another, which has no folder in common with it. */
    @Test
    void exportIsDownloadedFromAnyNode() throws Exception {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(30))) {
            List<String> settings = new ArrayList<>(List.of(App.withKey(server.settings())));
            settings.add("--colleagues.apis.default.base-url=" + api.url());
            settings.add("--colleagues.database.url=" + TestLedger.newPostgresqlDatabase("bucket"));
            settings.add("--colleagues.database.username=postgres");
            List<String> urls = IntStream.range(0, 30)
                    .mapToObj(i -> api.url() + FaultyApi.path("p" + i, "patents"))
                    .toList();
            try (App app = App.service(folder.resolve("one"), settings.toArray(String[]::new))) {
                assertThat(app.export("test", "job", urls, null)).contains("\"completed\"");
            }
            assertThat(App.files(folder.resolve("one")))
                    .extracting(Path::toString)
                    .noneMatch(file -> file.contains("exports"));
            Path file = App.files(server.objects().resolve("exports")).stream()
                    .filter(object -> object.endsWith("result.jsonl"))
                    .findFirst()
                    .orElseThrow();
            byte[] whole = Files.readAllBytes(file);
            assertThat(whole).hasSizeGreaterThan(1_000);

            try (App app = App.service(folder.resolve("two"), settings.toArray(String[]::new))) {
                HttpResponse<byte[]> all = download(app);
                HttpResponse<byte[]> part = download(app, "Range", "bytes=100-199");
                String etag = all.headers().firstValue("ETag").orElseThrow();
                HttpResponse<byte[]> packed = download(app, "Accept-Encoding", "gzip");

                assertThat(all.statusCode()).isEqualTo(200);
                assertThat(all.body()).isEqualTo(whole);
                assertThat(part.statusCode()).isEqualTo(206);
                assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 200));
                assertThat(part.headers().firstValue("Content-Range")).contains("bytes 100-199/" + whole.length);
                assertThat(download(app, "Range", "bytes=100-199", "If-Range", etag)
                                .body())
                        .isEqualTo(part.body());
                assertThat(download(app, "Range", "bytes=100-199", "If-Range", "\"of another file\"")
                                .body())
                        .isEqualTo(whole);
                assertThat(download(app, "If-None-Match", etag).statusCode()).isEqualTo(304);
                assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
                assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())))
                        .hasBinaryContent(whole);
            }
        }
    }

    private static HttpResponse<byte[]> download(App app, String... headers) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI file = URI.create("http://127.0.0.1:" + app.apiPort() + "/api/exports/job/result.jsonl");
            HttpRequest.Builder request = HttpRequest.newBuilder(file).header("X-API-Key", App.KEY);
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return client.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    @Test
    void wrongBucketStopsTheStartInOneLine() throws Exception {
        Packaged application = Packaged.unpackedIn(folder.resolve("application"));
        List<String> settings = new ArrayList<>(List.of(server.settings()));
        settings.set(0, "--colleagues.files.bucket=no-such-bucket");

        Ended ended = application.run(with(settings.toArray(String[]::new)));

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err())
                .isEqualTo(
                        "cannot start: colleagues.files.bucket: bucket 'no-such-bucket' does not exist: create it, or"
                                + " correct the setting or the endpoint in camel.component.aws2-s3\n");
    }
}
