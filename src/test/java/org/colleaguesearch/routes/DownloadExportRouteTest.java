package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.routes.Exporting.request;
import static org.colleaguesearch.routes.Exporting.url;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.colleaguesearch.failure.PausedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

@Timeout(90)
class DownloadExportRouteTest {
    private static final Exporting CALLS = new Exporting();
    private static final String LINES =
            "{\"url\":\"%s\",\"item\":{\"n\":1}}\n{\"url\":\"%s\",\"item\":{\"n\":2}}\n".formatted(url(1), url(2));

    @RegisterExtension
    static final RouteApplication APPLICATION = CALLS.application();

    @BeforeEach
    void export() {
        assertThat(Exporting.create(APPLICATION, "key", request("job", 1, 2)).status())
                .isEqualTo(200);
    }

    @AfterEach
    void reset() {
        CALLS.reset(APPLICATION);
    }

    @Test
    void sendsEachFile() throws IOException {
        Message lines = download("result.jsonl");
        assertThat(lines.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 200)
                .containsEntry("Content-Type", "application/x-ndjson")
                .containsEntry("Content-Length", Integer.toString(LINES.length()))
                .containsEntry("Content-Disposition", "attachment; filename=\"job-result.jsonl\"")
                .containsEntry("Accept-Ranges", "bytes")
                .containsEntry("Vary", "Accept-Encoding")
                .containsKeys("ETag", "Last-Modified")
                .doesNotContainKeys("Content-Encoding", "Content-Range");
        assertThat(text(lines)).isEqualTo(LINES);

        Message csv = download("result.csv");
        assertThat(csv.getHeaders()).containsEntry("Content-Type", "text/csv; charset=utf-8");
        assertThat(text(csv)).isEqualTo("url,n\r\n%s,1\r\n%s,2\r\n".formatted(url(1), url(2)));

        Message errors = download("errors.csv");
        assertThat(errors.getHeaders()).containsEntry("Content-Disposition", "attachment; filename=\"job-errors.csv\"");
        assertThat(text(errors)).isEqualTo("url,reason,status,attempts\r\n");
        assertThat(errors.getHeader("ETag")).isNotEqualTo(csv.getHeader("ETag"));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 10",
        "bytes=10-, 10, -1",
        "bytes=-5, -5, -1",
        "bytes=5-5, 5, 6",
        "bytes=3-999999, 3, -1",
        "bytes=-999999, 0, -1",
        "BYTES=0-0, 0, 1"
    })
    void sendsRange(String range, int from, int to) throws IOException {
        Message part = download("result.jsonl", "Range", range);

        int size = LINES.length();
        int first = from < 0 ? size + from : from;
        int last = to < 0 ? size : to;
        assertThat(part.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 206)
                .containsEntry("Content-Range", "bytes %d-%d/%d".formatted(first, last - 1, size))
                .containsEntry("Content-Length", Integer.toString(last - first));
        assertThat(text(part)).isEqualTo(LINES.substring(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=999999-", "bytes=999999-1000000", "bytes=-0"})
    void refusesRangeOutsideOfTheFile(String range) {
        Message refused = download("result.jsonl", "Range", range);

        assertThat(refused.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 416)
                .containsEntry("Content-Range", "bytes */" + LINES.length())
                .containsEntry("Content-Type", "application/problem+json");
    }

    /** RFC 9110, section 14.2: what is not understood is ignored; of several ranges it may be. */
    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=5-3", "bytes", "", "bytes=-"})
    void sendsAllForOtherRanges(String range) throws IOException {
        Message all = download("result.jsonl", "Range", range);

        assertThat(all.getHeaders()).containsEntry(Exchange.HTTP_RESPONSE_CODE, 200);
        assertThat(text(all)).isEqualTo(LINES);
    }

    @Test
    void sendsRangeOnlyOfTheFileThatIsMeant() throws IOException {
        Message whole = download("result.jsonl");
        String tag = whole.getHeader("ETag", String.class);
        String modified = whole.getHeader("Last-Modified", String.class);

        for (String same : new String[] {tag, modified}) {
            assertThat(text(download("result.jsonl", "Range", "bytes=0-0", "If-Range", same)))
                    .isEqualTo("{");
        }
        for (String other : new String[] {
            "\"other\"",
            "W/" + tag,
            tag.replace("\"", ""),
            "Thu, 01 Jan 1970 00:00:00 GMT",
            tag.replace(".jsonl", ".jsonl-gzip")
        }) {
            assertThat(text(download("result.jsonl", "Range", "bytes=0-0", "If-Range", other)))
                    .as(other)
                    .isEqualTo(LINES);
        }
    }

    @Test
    void compressesWhenAsked() throws IOException {
        Message packed = download("result.jsonl", "Accept-Encoding", "br, gzip");

        assertThat(packed.getHeaders())
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Vary", "Accept-Encoding")
                .doesNotContainKey("Content-Length");
        assertThat(packed.getHeader("ETag", String.class)).endsWith("-gzip\"");
        // Camel compresses it, by that header, as it is sent.
        assertThat(text(packed)).isEqualTo(LINES);
    }

    @Test
    void sendsNothingToWhoeverHasTheFile() {
        String tag = download("result.jsonl").getHeader("ETag", String.class);

        for (String condition : List.of(tag, "W/" + tag, "*", "\"other\", " + tag, "W/\"other\" ,W/" + tag)) {
            // A condition comes before a range, also one that lies outside.
            Message none = download("result.jsonl", "If-None-Match", condition, "Range", "bytes=999999-");

            assertThat(none.getHeaders())
                    .as(condition)
                    .containsEntry(Exchange.HTTP_RESPONSE_CODE, 304)
                    .containsEntry("ETag", tag)
                    .containsEntry("Vary", "Accept-Encoding")
                    .containsKey("Last-Modified")
                    .doesNotContainKeys("Content-Type", "Content-Length", "Content-Disposition");
            assertThat(none.getBody()).isNull();
        }
    }

    @Test
    void sendsAllToWhoeverHasAnother() throws IOException {
        String tag = download("result.jsonl").getHeader("ETag", String.class);

        for (String other : List.of(
                "\"other\"", tag.replace("\"", ""), tag.replace(".jsonl", ".csv"), packed(tag), "", "W/", "\"")) {
            assertThat(text(download("result.jsonl", "If-None-Match", other)))
                    .as(other)
                    .isEqualTo(LINES);
        }
    }

    /** It is the same file, and whoever takes it compressed takes it as it is, too. */
    @Test
    void sendsNothingToWhoeverHasTheFileCompressedOrNotAndTakesBoth() {
        String tag = download("result.jsonl").getHeader("ETag", String.class);

        for (String known : List.of(packed(tag), tag)) {
            assertThat(download("result.jsonl", "Accept-Encoding", "gzip", "If-None-Match", known)
                            .getHeaders())
                    .containsEntry(Exchange.HTTP_RESPONSE_CODE, 304)
                    .containsEntry("ETag", known)
                    .doesNotContainKey("Content-Encoding");
        }
    }

    private static String packed(String tag) {
        return tag.replaceFirst("\"$", "-gzip\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | 304",
                "Fri, 01 Jan 2100 00:00:00 GMT | 304",
                "Thu, 01 Jan 1970 00:00:00 GMT | 200",
                "yesterday | 200",
                "'' | 200"
            })
    void sendsNothingIfNotModifiedSince(String date, int status) {
        String since = date == null ? download("result.csv").getHeader("Last-Modified", String.class) : date;

        assertThat(download("result.csv", "If-Modified-Since", since).getHeader(Exchange.HTTP_RESPONSE_CODE))
                .isEqualTo(status);
        // Which is not looked at beside a tag.
        assertThat(download("result.csv", "If-Modified-Since", since, "If-None-Match", "\"other\"")
                        .getHeader(Exchange.HTTP_RESPONSE_CODE))
                .isEqualTo(200);
    }

    @Test
    void compressesNoRange() throws IOException {
        Message part = download("result.jsonl", "Range", "bytes=0-0", "Accept-Encoding", "gzip");

        assertThat(part.getHeaders())
                .containsEntry(Exchange.HTTP_RESPONSE_CODE, 206)
                .doesNotContainKey("Content-Encoding");
        assertThat(text(part)).isEqualTo("{");
    }

    @Test
    void sendsNothingOfJobThatIsNotCompleted() {
        CALLS.answer(call -> {
            throw new PausedException("the API is down");
        });
        Exporting.create(APPLICATION, "key", request("paused", 1));

        assertProblem(ask("key", "paused", "result.csv"), 409, "the job is paused; only completed jobs have files");

        Exporting.ask(APPLICATION, "cancel-export", "key", "paused");
        assertProblem(ask("key", "paused", "errors.csv"), 409, "the job is cancelled; only completed jobs have files");
    }

    @Test
    void sendsNothingElse() throws IOException {
        assertProblem(ask("key", "none", "result.csv"), 404, "unknown export 'none'; it may have been deleted");
        assertProblem(ask("other", "job", "result.csv"), 404, "unknown export 'job'; it may have been deleted");
        for (String file : new String[] {"parts", "..", "../../ledger.mv.db", "result.csv/", "", "RESULT.CSV"}) {
            assertProblem(ask("key", "job", file), 404, "unknown file '" + file + "'");
        }
        FileSystemUtils.deleteRecursively(Exporting.folder(APPLICATION));
        assertProblem(ask("key", "job", "result.csv"), 404, "the files of this export no longer exist");
    }

    /** A gigabyte would not fit into the heap of a test. */
    @Test
    void readsFileNoFurtherThanItIsSent() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(
                Exporting.folder(APPLICATION).resolve("result.jsonl").toFile(), "rw")) {
            file.setLength(8L << 30);
        }

        Message large = download("result.jsonl");
        assertThat(large.getHeader("Content-Length", Long.class)).isEqualTo(8L << 30);
        Message end = download("result.jsonl", "Range", "bytes=-3");
        assertThat(bytes(end)).hasSize(3);
        try (InputStream in = large.getBody(InputStream.class)) {
            assertThat(in.readNBytes(10)).hasSize(10);
        }
        Files.delete(Exporting.folder(APPLICATION).resolve("result.jsonl"));
    }

    private static void assertProblem(Message answer, int status, String detail) {
        assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(Sample.json(answer.getBody(String.class)).get("detail").textValue())
                .isEqualTo(detail);
    }

    private static Message download(String file, String... headers) {
        return ask("key", "job", file, headers);
    }

    private static Message ask(String caller, String jobId, String file, String... headers) {
        Map<String, Object> all = new HashMap<>(Map.of("X-API-Caller", caller, "job_id", jobId, "file", file));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        Exchange ended = APPLICATION.send(
                "download-export", exchange -> exchange.getMessage().setHeaders(all));
        assertThat(ended.getException()).isNull();
        return ended.getMessage();
    }

    private static String text(Message answer) throws IOException {
        return new String(bytes(answer), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Message answer) throws IOException {
        try (InputStream body = answer.getBody(InputStream.class)) {
            return body.readAllBytes();
        }
    }
}
