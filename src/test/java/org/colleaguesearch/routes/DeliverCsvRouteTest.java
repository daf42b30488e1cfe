package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DeliverCsvRouteTest {
    private static final String PART = "sample/" + Sample.BATCH_ID + ".parts/000000001";

    @RegisterExtension
    static final RouteApplication APPLICATION = application().with("deliver-csv", route -> {
        route.weaveById("write-part").replace().to("mock:part");
        route.weaveById("write-errors-part").replace().to("mock:errors-part");
    });

    private MockEndpoint part;
    private MockEndpoint errors;

    @BeforeEach
    void mock() {
        part = APPLICATION.mock("part");
        errors = APPLICATION.mock("errors-part");
    }

    @Test
    void writesRowsAndErrorsToPartsOfTheirOwn() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(
                Sample.fetched("ada", "[{\"title\":\"A\",\"year\":1999},{\"title\":\"B\",\"year\":2000}]"),
                Sample.failed("bob", "HTTP 404 Not Found"),
                Sample.fetched("cy", "[{\"title\":\"C\",\"year\":2001}]"));
        expect(part, PART + ".csv", "ada,A,1999\r\nada,B,2000\r\ncy,C,2001\r\n");
        expect(errors, PART + ".errors.csv", "bob,http://people.test/people/bob/sample,HTTP 404 Not Found,404,1\r\n");

        Exchange delivered = deliver(outcomes);

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    @Test
    void writesNoErrorsPartWhenAllWereFetched() throws Exception {
        expect(part, PART + ".csv", "ada,A,\r\n");
        errors.expectedMessageCount(0);

        deliver(Sample.outcomes(Sample.fetched("ada", "[{\"title\":\"A\"}]")));

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
    }

    @Test
    void writesNoRowsPartWhenAllFailed() throws Exception {
        ChunkOutcomes outcomes = Sample.outcomes(
                new Failed(Sample.call("ada"), "cannot connect: Connection refused", null, 5),
                Sample.failed("bob", "a \"quoted\", reason"));
        part.expectedMessageCount(0);
        expect(errors, PART + ".errors.csv", """
                ada,http://people.test/people/ada/sample,cannot connect: Connection refused,,5\r
                bob,http://people.test/people/bob/sample,"a ""quoted"", reason",404,1\r
                """);

        Exchange delivered = deliver(outcomes);

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(delivered.getMessage().getBody()).isEqualTo(outcomes);
    }

    @Test
    void emptySectionsHaveNoRows() throws Exception {
        part.expectedMessageCount(1);
        errors.expectedMessageCount(0);

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
    void neutralisesFormulasInEveryColumnAndInErrors() throws Exception {
        deliver(Sample.outcomes(
                Sample.fetched("=id", "[{\"title\":\"=1+1\",\"year\":-5},{\"title\":\"@x\",\"year\":\"-5-5\"}]"),
                new Failed(new Call(Sample.person("+x"), "http://people.test/x"), "-reason", null, 1)));

        assertThat(text(part)).isEqualTo("'=id,'=1+1,-5\r\n'=id,'@x,'-5-5\r\n");
        assertThat(text(errors)).isEqualTo("'+x,http://people.test/x,'-reason,,1\r\n");
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
            assertThat(Files.readString(real.csv().resolve(PART + ".errors.csv")))
                    .isEqualTo("bob,http://people.test/people/bob/sample,gone,404,1\r\n");
        }
    }

    @Test
    void failsWhenPartCannotBeWritten(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder"));
        try (RouteApplication blocked =
                application().with("colleagues.csv.folder", file.resolve("csv")).start()) {

            Exchange delivered = deliver(blocked, Sample.outcomes(Sample.fetched("ada", "[{}]")));

            assertThat(delivered.getException()).isInstanceOf(GenericFileOperationFailedException.class);
        }
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
