package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.delivery.S3Server;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

class DeliverCsvRouteTest {
    private static final String PART = "sample/" + Sample.BATCH_ID + ".parts/000000001";

    @RegisterExtension
    static final RouteApplication APPLICATION = application()
            .with(
                    "deliver-csv",
                    route -> route.weaveById("write-part").replace().to("mock:part"));

    private MockEndpoint part;

    @BeforeEach
    void mock() {
        part = APPLICATION.mock("part");
    }

    @Test
    void writesRowsToPartOfTheirOwn() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(
                Sample.fetched("ada", "[{\"title\":\"A\",\"year\":1999},{\"title\":\"B\",\"year\":2000}]"),
                Sample.failed("bob", "HTTP 404 Not Found"),
                Sample.fetched("cy", "[{\"title\":\"C\",\"year\":2001}]"));
        expect(part, PART + ".csv", "ada,A,1999\r\nada,B,2000\r\ncy,C,2001\r\n");

        Exchange delivered = deliver(outcomes);

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    /** Its rows would else be in the file twice over, or be there for URLs that failed. */
    @Test
    void removesThePartOfAnEarlierAttemptWhenAllFailed() throws Exception {
        try (RouteApplication real = application().start()) {
            deliver(real, Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"A\"}]")));
            assertThat(real.csv().resolve(PART + ".csv")).exists();

            deliver(real, Sample.outcomes(Sample.failed("ada", "gone")));

            assertThat(real.csv().resolve(PART + ".csv")).doesNotExist();
        }
    }

    @Test
    void emptySectionsHaveNoRows() throws Exception {
        part.expectedMessageCount(1);

        deliver(Sample.outcomes(Sample.fetched("ada", "[]"), Sample.fetched("bob", "[]")));

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(text(part)).isEmpty();
    }

    @Test
    void quotesWhatRfc4180Quotes() throws Exception {
        part.expectedMessageCount(1);

        deliver(Sample.outcomes(Sample.fetched("ada", """
                [{"title":"a,b","year":"say \\"x\\""},{"title":"two\\nlines","year":" kept "},
                 {"title":null,"year":{"from":1}},{"year":[1,2],"other":"left out"}]""")));

        part.assertIsSatisfied();
        assertThat(text(part)).isEqualTo("""
                        ada,"a,b","say ""x""\"\r
                        ada,"two
                        lines"," kept "\r
                        ada,,"{""from"":1}"\r
                        ada,,"[1,2]"\r
                        """);
    }

    @Test
    void neutralisesFormulasInEveryColumn() throws Exception {
        deliver(Sample.outcomes(
                Sample.fetched("=id", "[{\"title\":\"=1+1\",\"year\":-5},{\"title\":\"@x\",\"year\":\"-5-5\"}]")));

        assertThat(text(part)).isEqualTo("'=id,'=1+1,-5\r\n'=id,'@x,-5-5\r\n");
    }

    @Test
    void namesPartsByNumberSoThatTheySortAsNumbersDo() throws Exception {
        part.expectedHeaderReceived(Exchange.FILE_NAME, "sample/b.parts/000000123.csv");
        Chunk chunk = new Chunk("b", "sample", 123, Sample.chunk("ada").people());

        deliver(new ChunkOutcomes(
                chunk, Sample.outcomes(Sample.fetched("ada", "[]")).outcomes()));

        part.assertIsSatisfied();
    }

    @Test
    void writesUtf8FilesAndReplacesThoseOfTheSameChunk() throws Exception {
        try (RouteApplication real = application().start()) {
            deliver(real, Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"first, and longer\"}]")));
            deliver(
                    real,
                    Sample.outcomes(
                            Sample.fetched("zoë", "[{\"title\":\"😀\",\"year\":1}]"), Sample.failed("bob", "gone")));

            assertThat(real.csv().resolve(PART + ".csv")).hasContent("zoë,😀,1");
            assertThat(Files.readString(real.csv().resolve(PART + ".csv"))).isEqualTo("zoë,😀,1\r\n");
        }
    }

    @Test
    void failsWhenPartCannotBeWritten(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder"));
        try (RouteApplication blocked =
                application().with("colleagues.csv.folder", file.resolve("csv")).start()) {

            Exchange delivered = deliver(blocked, Sample.outcomes(Sample.fetched("ada", "[{}]")));

            assertThat(delivered.getException()).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
        }
    }

    @Test
    void writesAndMergesPartsInTheBucket(@TempDir Path folder) throws Exception {
        try (S3Server server = S3Server.start(folder)) {
            RouteApplication application = retrying();
            for (String setting : server.settings()) {
                String[] parts = setting.substring(2).split("=", 2);
                application.with(parts[0], parts[1]);
            }
            try (RouteApplication real = application.start()) {
                Batch batch = completed(
                        real,
                        Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"Å\"}]"), Sample.failed("bob", "gone")));
                Path part = server.objects().resolve("csv/sample/" + batch.id() + ".parts/000000001.csv");
                assertThat(part).hasBinaryContent("ada,Å,\r\n".getBytes(StandardCharsets.UTF_8));

                Exchange delivered = deliver(real, retried(batch, Sample.fetched("bob", "[{\"title\":\"B\"}]")));

                assertThat(delivered.getException()).isNull();
                assertThat(part).hasBinaryContent("ada,Å,\r\nbob,B,\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(part.resolveSibling("000000001.csv.retry")).doesNotExist();
                assertThat(real.csv().resolve("sample")).doesNotExist();
                AWS2S3Component component = real.camel().getComponent("aws2-s3", AWS2S3Component.class);
                // The one with time limits.
                assertThat(component.getConfiguration().getAmazonS3Client()).isSameAs(real.bean(S3Client.class));
            }
        }
    }

    @Test
    void putsRowsOfRetryIntoThePartOfTheChunk() throws Exception {
        try (RouteApplication real = retrying().start()) {
            ChunkOutcomes first = Sample.outcomes(
                    Sample.fetched("ada", "[{\"title\":\"A\"}]"),
                    Sample.failed("=bob", "gone"),
                    Sample.fetched("cy", "[{\"title\":\"C, c\"}]"),
                    Sample.failed("dee", "gone"));
            Batch batch = completed(real, first);
            Path part = real.csv().resolve("sample/" + batch.id() + ".parts/000000001.csv");
            assertThat(part).hasBinaryContent("ada,A,\r\ncy,\"C, c\",\r\n".getBytes(StandardCharsets.UTF_8));
            ChunkOutcomes again =
                    retried(batch, Sample.fetched("=bob", "[{\"title\":\"=B\"}]"), Sample.failed("dee", "gone again"));

            for (int i = 0; i < 2; i++) {
                Exchange delivered = deliver(real, again);

                assertThat(delivered.getException()).isNull();
                assertThat(delivered.getMessage().getBody()).isEqualTo(again);
                assertThat(part)
                        .hasBinaryContent("ada,A,\r\n'=bob,'=B,\r\ncy,\"C, c\",\r\n".getBytes(StandardCharsets.UTF_8));
                assertThat(part.resolveSibling("000000001.csv.retry")).doesNotExist();
            }
        }
    }

    @Test
    void leavesThePartAsItIsWhenAllOfRetryFailed() throws Exception {
        try (RouteApplication real = retrying().start()) {
            Batch batch = completed(
                    real, Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"A\"}]"), Sample.failed("bob", "gone")));
            Path part = real.csv().resolve("sample/" + batch.id() + ".parts/000000001.csv");
            // Left by a retry that was killed.
            Files.writeString(part.resolveSibling("000000001.csv.retry"), "bob,half a r");

            Exchange delivered = deliver(real, retried(batch, Sample.failed("bob", "gone")));

            assertThat(delivered.getException()).isNull();
            assertThat(part).hasBinaryContent("ada,A,\r\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void retryWritesInTheDialectOfTheSettings() throws Exception {
        try (RouteApplication real = retrying()
                .with("colleagues.csv.delimiter", ";")
                .with("colleagues.csv.line-end", "lf")
                .with("colleagues.csv.bom", true)
                .start()) {
            Batch batch = completed(
                    real,
                    Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"A;a\"}]"), Sample.failed("bob", "gone")));
            Path part = real.csv().resolve("sample/" + batch.id() + ".parts/000000001.csv");

            Exchange delivered =
                    deliver(real, retried(batch, Sample.fetched("bob", "[{\"title\":\"B,b\",\"year\":1}]")));

            assertThat(delivered.getException()).isNull();
            assertThat(Files.readString(part)).isEqualTo("ada;\"A;a\";\nbob;B,b;1\n");
        }
    }

    @Test
    void retryFailsAndKeepsThePartThatIsInAnotherDialect() throws Exception {
        try (RouteApplication real = retrying().start()) {
            Batch batch = completed(
                    real, Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"A\"}]"), Sample.failed("bob", "gone")));
            Path part = real.csv().resolve("sample/" + batch.id() + ".parts/000000001.csv");
            Files.writeString(part, "ada;A;\r\n");

            Exchange delivered = deliver(real, retried(batch, Sample.fetched("bob", "[{\"title\":\"B\"}]")));

            assertThat(delivered.getException()).hasMessageContaining("000000001.csv: row 1 has 1 cells, expected 3");
            assertThat(Files.readString(part)).isEqualTo("ada;A;\r\n");
        }
    }

    private static RouteApplication retrying() {
        return RouteApplication.of("deliver-csv", "retry-errors", "index-chunk")
                .withTestRoute("index-sample")
                .with("retry-errors", route -> route.weaveById("run-again").remove());
    }

    /** A batch that is opened again, with these outcomes of its first time delivered. */
    private static Batch completed(RouteApplication application, ChunkOutcomes outcomes) {
        Outcome[] all = outcomes.outcomes().toArray(Outcome[]::new);
        Batch batch = Ended.closed(application, all);
        deliver(application, new ChunkOutcomes(Ended.chunk(batch, false, all), outcomes.outcomes()));
        return application.send("retry-errors", batch.id()).getMessage().getBody(Batch.class);
    }

    private static ChunkOutcomes retried(Batch batch, Outcome... outcomes) {
        return new ChunkOutcomes(Ended.chunk(batch, true, outcomes), List.of(outcomes));
    }

    private static RouteApplication application() {
        return RouteApplication.of("deliver-csv", "index-chunk").withTestRoute("index-sample");
    }

    private static Exchange deliver(ChunkOutcomes outcomes) {
        Exchange delivered = deliver(APPLICATION, outcomes);
        assertThat(delivered.getException()).isNull();
        return delivered;
    }

    private static Exchange deliver(RouteApplication application, ChunkOutcomes outcomes) {
        return application.send("deliver-csv", exchange -> {
            exchange.setVariable("chunk", outcomes.chunk());
            exchange.getMessage().setBody(outcomes);
        });
    }

    private static void expect(MockEndpoint file, String name, String content) {
        file.expectedMessageCount(1);
        file.expectedHeaderReceived(Exchange.FILE_NAME, name);
        file.message(0).body(String.class).isEqualTo(content);
    }

    private static String text(MockEndpoint file) {
        return file.getExchanges().getFirst().getMessage().getBody(String.class);
    }
}
