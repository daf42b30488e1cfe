package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of routes/indexers/: the URL it calls, the section it takes of an example answer, and its columns. */
class IndexersRouteTest {
    @RegisterExtension
    static final RouteApplication APPLICATION = application();

    static Stream<Arguments> indexers() {
        return Stream.of(
                Arguments.of("functions", List.of("code", "title", "patents"), """
                        [{"code":"H01L","title":"Semiconductor devices","patents":42}]"""),
                Arguments.of("geography", List.of("city", "state", "country", "since", "until"), """
                        [{"city":"Oslo","state":"","country":"NO","since":"2011","until":null}]"""),
                Arguments.of("memberships", List.of("organization", "since", "until", "patents"), """
                        [{"organization":"Guild of Makers","since":"2001","until":"2009","patents":3}]"""),
                Arguments.of("patents", List.of("number", "title", "date", "abstract"), """
                        [{"number":"1","title":"Lamp","date":"1999-01-05","abstract":"It shines."},
                         {"number":"2","title":"Better lamp","date":"2001-02-06","abstract":"It shines more."}]"""));
    }

    @BeforeEach
    void openRun() {
        Sample.openRun(
                APPLICATION,
                indexers().map(example -> (String) example.get()[0]).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("indexers")
    void takesItsSectionOfTheAnswer(String name, List<String> columns, String section) throws Exception {
        MockEndpoint api = APPLICATION.mock("fetch-url");
        api.expectedBodiesReceived("http://people.test/people/demo%3Aa%2Fb/" + name);
        api.whenAnyExchangeReceived(exchange ->
                exchange.getMessage().setBody(Sample.json("{\"id\":\"demo:a/b\",\"" + name + "\":" + section + "}")));
        MockEndpoint delivered = APPLICATION.mock("deliver-chunk");
        delivered.expectedMessageCount(1);

        Exchange ended = APPLICATION.send("index-" + name, chunk(name));

        MockEndpoint.assertIsSatisfied(APPLICATION.camel());
        assertThat(ended.getException()).isNull();
        ChunkOutcomes outcomes =
                delivered.getExchanges().getFirst().getMessage().getBody(ChunkOutcomes.class);
        assertThat(outcomes.fetched()).extracting(Fetched::section).containsExactly(Sample.json(section));
    }

    @ParameterizedTest
    @MethodSource("indexers")
    void emptySectionIsFetched(String name, List<String> columns, String section) throws Exception {
        JsonNode empty = Sample.json("{\"id\":\"demo:a/b\",\"" + name + "\":[]}");
        APPLICATION
                .mock("fetch-url")
                .whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(empty));

        APPLICATION.send("index-" + name, chunk(name));

        assertThat(APPLICATION.mock("deliver-chunk").getExchanges())
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.getMessage()
                                .getBody(ChunkOutcomes.class)
                                .fetched())
                        .extracting(Fetched::section)
                        .containsExactly(Sample.json("[]")));
    }

    @ParameterizedTest
    @MethodSource("indexers")
    void namesItsColumnsAndAPoolOfItsOwn(String name, List<String> columns, String section) {
        Indexer indexer = APPLICATION.bean(Indexers.class).get(name);
        assertThat(indexer)
                .isEqualTo(new Indexer(
                        name,
                        columns,
                        name,
                        false,
                        "default",
                        indexer.source(),
                        indexer.definition(),
                        indexer.searched()));
        assertThat(indexer.searched().isDeclared()).isTrue();
        assertThat(APPLICATION.camel().getExecutorServiceManager().getThreadPoolProfile(name))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("indexers")
    void hasRunOfItsOwn(String name, List<String> columns, String section) {
        assertThat(APPLICATION.camel().getRoute("run-" + name)).isNotNull();
    }

    @Test
    void exampleIsThereForEachFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes/indexers"))) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".camel.yaml"))
                            .map(name -> name.replace(".camel.yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            indexers().map(example -> (String) example.get()[0]).toList());
        }
    }

    private static RouteApplication application() {
        RouteApplication application = RouteApplication.of("index-chunk", "fetch-section", "run-indexer");
        indexers()
                .map(example -> (String) example.get()[0])
                .forEach(name -> application
                        .withFile(Path.of("routes/indexers", name + ".camel.yaml"))
                        .with(
                                "fetch-" + name,
                                route -> route.weaveById("fetch-section")
                                        .replace()
                                        .to("mock:fetch-url"))
                        .with(
                                "index-" + name,
                                route -> route.weaveById("deliver-outcomes")
                                        .replace()
                                        .to("mock:deliver-chunk")));
        return application;
    }

    private static Chunk chunk(String indexer) {
        return new Chunk(Sample.BATCH_ID, indexer, 1, List.of(Sample.person("demo:a/b")));
    }
}
