package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.FaultyApi.instead;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API as clients use it: plain HTTP, and a client generated from the contract by openapi-generator. */
@Timeout(600)
class ApiClientIT {
    private static final Path CONTRACT = Path.of("src/main/resources/openapi/colleague-search.yaml");
    /** Copied there by the build (mvn pre-integration-test); not on a class path, as it bundles its dependencies. */
    private static final Path GENERATOR = Path.of("target/openapi-generator-cli.jar");
    /** Calls each operation; this Java source compiles only with the generated client. */
    private static final Path CALLS = Path.of("src/test/client/EveryOperation.java");

    @TempDir
    static Path folder;

    private static Process generator;
    private static FaultyApi people;
    private static App app;

    @BeforeAll
    static void start() throws IOException {
        people = new FaultyApi(SamplePeople.madeUp(300))
                .first(FaultyApi.path("p3", "patents"), instead(Replies.error(404)));
        app = App.service(
                folder,
                App.withKey(
                        new Index("it-api-client").arguments("--colleagues.apis.default.base-url=" + people.url())));
        // Of the contract that the application serves, with what its indexers declare.
        Path served = folder.resolve("openapi.json");
        try (InputStream contract = URI.create("http://127.0.0.1:" + app.apiPort() + "/openapi.json")
                .toURL()
                .openStream()) {
            Files.copy(contract, served);
        }
        generator = generate(served);
    }

    @AfterAll
    static void stop() throws IOException {
        generator.destroy();
        app.close();
        people.close();
    }

    private static Process generate(Path contract) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        GENERATOR.toString(),
                        "generate",
                        "--input-spec=" + contract,
                        "--generator-name=java",
                        "--library=native",
                        "--output=" + folder.resolve("client"),
                        // The annotations on the test class path.
                        "--additional-properties=useJakartaEe=true,openApiNullable=false",
                        "--global-property=apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("generator.log").toFile())
                .start();
    }

    @Test
    void generatedClientCallsEveryOperation() throws Exception {
        String calls = Files.readString(CALLS);
        assertThat(operations()).hasSizeGreaterThan(10).allMatch(operation -> calls.contains("." + operation + "("));
        assertThat(generator.waitFor())
                .as(Files.readString(folder.resolve("generator.log")))
                .isZero();
        Path classes = folder.resolve("client-classes");
        compile(classes);

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            @SuppressWarnings("unchecked")
            BiConsumer<Map.Entry<String, String>, String> caller = (BiConsumer<Map.Entry<String, String>, String>)
                    loader.loadClass("EveryOperation").getDeclaredConstructor().newInstance();

            caller.accept(Map.entry(uri("").toString(), App.KEY), people.url().toString());
        }
    }

    /** The client's method name: {@code getRun} for {@code get-run}. */
    private static List<String> operations() throws IOException {
        return Pattern.compile("operationId: ([a-z-]+)")
                .matcher(Files.readString(CONTRACT))
                .results()
                .map(id -> Pattern.compile("-(.)")
                        .matcher(id.group(1))
                        .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT)))
                .toList();
    }

    private static void compile(Path classes) throws IOException {
        List<Path> sources = new ArrayList<>(App.files(folder.resolve("client/src/main/java")));
        sources.add(CALLS);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean isGood = compiler.getTask(
                            problems,
                            files,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(isGood).as(problems.toString()).isTrue();
        }
    }

    @Test
    void exportIsDownloadedWholeCompressedAndInPart() throws Exception {
        String urls = IntStream.range(0, 300)
                .mapToObj(i -> "\"" + people.url() + FaultyApi.path("p" + i, "functions") + "\"")
                .collect(Collectors.joining(","));
        HttpRequest.Builder request = request("/exports")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"job_id\":\"all\",\"urls\":[" + urls + "]}"));
        assertThat(new String(send(request).body(), StandardCharsets.UTF_8))
                .startsWith("{\"job_id\":\"all\",\"state\":\"completed\",\"urls\":300,\"done\":300,");
        String file = "/exports/all/result.jsonl";

        HttpResponse<byte[]> sent = send(request(file));
        byte[] whole = sent.body();
        HttpResponse<byte[]> packed = send(request(file).header("Accept-Encoding", "gzip"));
        HttpResponse<byte[]> part = send(request(file).header("Range", "bytes=100-199"));

        assertThat(whole).hasSizeGreaterThan(20_000).startsWith("{\"url\":".getBytes(StandardCharsets.UTF_8));
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body()).hasSizeLessThan(whole.length / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body()))).hasBinaryContent(whole);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 200));
        headTellsWhatGetWouldSend(file, sent, packed);
        whoeverHasTheFileIsSentNothing(file, sent);
    }

    private static void headTellsWhatGetWouldSend(String file, HttpResponse<byte[]> sent, HttpResponse<byte[]> packed)
            throws Exception {
        HttpResponse<byte[]> head = send(head(file));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(headers(head)).isEqualTo(headers(sent));
        // Ranges apply to GET only.
        assertThat(headers(send(head(file).header("Range", "bytes=0-9")))).isEqualTo(headers(sent));
        assertThat(headers(send(head(file).header("Accept-Encoding", "gzip")))).isEqualTo(headers(packed));
        assertThat(send(head("/exports/none/result.csv")).statusCode()).isEqualTo(404);
        assertThat(send(head("/exports/all")).statusCode()).isEqualTo(200);
    }

    private static void whoeverHasTheFileIsSentNothing(String file, HttpResponse<byte[]> sent) throws Exception {
        String tag = sent.headers().firstValue("ETag").orElseThrow();
        for (HttpRequest.Builder request : List.of(request(file), head(file))) {
            HttpResponse<byte[]> none = send(request.header("If-None-Match", "\"other\", " + tag));
            assertThat(none.statusCode()).isEqualTo(304);
            assertThat(none.body()).isEmpty();
            assertThat(none.headers().firstValue("ETag")).hasValue(tag);
            assertThat(none.headers().firstValue("Content-Type")).isEmpty();
        }
    }

    /** Without headers that depend on the time or the connection. */
    private static Map<String, List<String>> headers(HttpResponse<?> answer) {
        return answer.headers().map().entrySet().stream()
                .filter(header -> !List.of("date", "keep-alive", "connection", "transfer-encoding")
                        .contains(header.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + app.apiPort() + "/api" + path);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("X-API-Key", App.KEY);
    }

    private static HttpRequest.Builder head(String path) {
        return request(path).method("HEAD", BodyPublishers.noBody());
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        }
    }
}
