package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In a split as the template index-chunk has it, with an answer by person in place of the API. */
class GatherOutcomesTest {
    private final CamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate producer = camel.createProducerTemplate();

    /** The body that a call of a person ends with; an exception is thrown. */
    private volatile Function<String, Object> answers = id -> section("[{\"n\":\"" + id + "\"}]");

    @BeforeEach
    void startRoute() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:chunk")
                        .setVariable("chunk", body())
                        .setVariable("urls", method(GatherOutcomesTest.class, "urls"))
                        .split(variable("urls"), new GatherOutcomes())
                        .parallelProcessing()
                        .synchronous()
                        .process(GatherOutcomesTest.this::answer);
            }
        });
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    public static List<String> urls(Chunk chunk) {
        return chunk.people().stream()
                .map(person -> "https://api/" + person.id())
                .toList();
    }

    private void answer(Exchange exchange) throws Exception {
        String url = exchange.getMessage().getBody(String.class);
        Object answer = answers.apply(url.substring("https://api/".length()));
        if (answer instanceof Exception failure) {
            throw failure;
        }
        exchange.getMessage().setBody(answer);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 203);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"t":"half \\ud83d"}]             | field 't' contains an unpaired surrogate
            [{"t":"\\ude00 half"}]             | field 't' contains an unpaired surrogate
            [{},{"a":{"b":[1,"\\ud83d"]}}]     | field 'a.b' contains an unpaired surrogate
            [{"a":{"\\ud83d":1}}]              | the name of a field in 'a' contains an unpaired surrogate
            """)
    void whatNoFileCanHoldIsFailureThatNamesTheField(String section, String reason) {
        answers = id -> section(id.equals("p1") ? section : "[{\"t\":\"whole \\ud83d\\ude00\"}]");

        ChunkOutcomes gathered = send(chunk(1, 3));

        assertThat(gathered.fetched())
                .hasSize(2)
                .allSatisfy(fetched -> assertThat(fetched.status()).isEqualTo(203));
        assertThat(gathered.failed()).singleElement().satisfies(failed -> {
            assertThat(failed.reason()).startsWith(reason);
            assertThat(failed.status()).isEqualTo(203);
        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void calculationWithoutAResultIsFailureThatNamesTheField(double number) {
        answers = id -> JsonNodeFactory.instance
                .arrayNode()
                .add(JsonNodeFactory.instance.objectNode().put("share", number));

        assertThat(send(chunk(1, 1)).failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason())
                        .isEqualTo("field 'share' is " + number
                                + ", which JSON cannot represent: check the calculation in 'section'"));
    }

    @Test
    void makesOneOutcomeACallInTheOrderOfThePeople() {
        Chunk chunk = chunk(1, 500);

        ChunkOutcomes gathered = send(chunk);

        assertThat(gathered.chunk()).isEqualTo(chunk);
        assertThat(gathered.outcomes())
                .extracting(outcome -> outcome.call().person())
                .isEqualTo(chunk.people());
        assertThat(gathered.outcomes())
                .allSatisfy(outcome -> assertThat(outcome.call().url())
                        .isEqualTo("https://api/" + outcome.call().person().id()));
        assertThat(gathered.fetched())
                .hasSize(500)
                .allSatisfy(
                        fetched -> assertThat(fetched.section().get(0).get("n").textValue())
                                .isEqualTo(fetched.call().person().id()))
                .allSatisfy(fetched -> assertThat(fetched.attempts()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p0", "p1", "p4"})
    void keepsOtherOutcomesWhenOneUrlFails(String failing) {
        answers = id -> id.equals(failing) ? new ConnectException("Connection refused") : section("[]");

        ChunkOutcomes gathered = send(chunk(1, 5));

        assertThat(gathered.fetched()).hasSize(4);
        assertThat(gathered.failed())
                .extracting(f -> f.call().person().id(), Failed::reason, Failed::status, Failed::attempts)
                .containsExactly(tuple(failing, "cannot connect: Connection refused", null, 1));
    }

    @Test
    void makesFailuresOfAllWhenAllFail() {
        answers = id -> new HttpOperationFailedException("https://api", 404, "", null, Map.of(), "");

        ChunkOutcomes gathered = send(chunk(1, 20));

        assertThat(gathered.hasFetched()).isFalse();
        assertThat(gathered.failed())
                .hasSize(20)
                .allSatisfy(failed -> assertThat(failed.status()).isEqualTo(404))
                .allSatisfy(failed -> assertThat(failed.reason()).isEqualTo("HTTP 404 Not Found"));
    }

    @Test
    void takesEmptySectionAsFetched() {
        answers = id -> section("[]");

        assertThat(send(chunk(1, 1)).fetched()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "\"x\"", "7", "[1]", "[{},\"x\"]", "[{},null]", "[[]]"})
    void makesFailureOfSectionThatIsNoListOfObjects(String json) {
        answers = id -> section(json);

        assertThat(send(chunk(1, 1)).failed())
                .extracting(Failed::reason, Failed::status, Failed::attempts)
                .containsExactly(tuple("the section is not a list of objects: check 'section'", 203, 1));
    }

    @Test
    void makesFailureOfBodyThatIsNoJson() {
        answers = id -> "[]";

        assertThat(send(chunk(1, 1)).failed()).hasSize(1);
    }

    @Test
    void keepsChunksApartThatAreUnderWayTogether() throws Exception {
        answers = id -> id.endsWith("7") ? new ConnectException("Connection refused") : section("[{}]");
        List<Future<ChunkOutcomes>> chunks = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int number = 1; number <= 80; number++) {
                Chunk chunk = chunk(number, 50);
                chunks.add(threads.submit(() -> send(chunk)));
            }
        }

        int number = 1;
        for (Future<ChunkOutcomes> chunk : chunks) {
            assertThat(chunk.get().chunk().number()).isEqualTo(number++);
            assertThat(chunk.get().outcomes())
                    .extracting(outcome -> outcome.call().person())
                    .isEqualTo(chunk.get().chunk().people());
            assertThat(chunk.get().failed()).hasSize(5);
        }
    }

    /** It is to be called again when the run goes on: an error would be delivered, and the chunk be done. */
    @ParameterizedTest
    @ValueSource(strings = {"p0", "p1", "p4"})
    void makesNoOutcomesOfChunkOfWhichOneCallIsToPause(String paused) {
        answers = id -> id.equals(paused) ? new PausedException("the API is away") : section("[]");

        Exchange ended =
                producer.send("direct:chunk", exchange -> exchange.getMessage().setBody(chunk(1, 5)));

        assertThat(ended.getException()).isInstanceOf(PausedException.class).hasMessage("the API is away");
        assertThat(ended.getMessage().getBody()).isNotInstanceOf(ChunkOutcomes.class);
    }

    @Test
    void pauseOfOneChunkIsNoneOfAnother() {
        answers = id -> new PausedException("the API is away");
        producer.send("direct:chunk", exchange -> exchange.getMessage().setBody(chunk(1, 5)));
        answers = id -> section("[]");

        assertThat(send(chunk(2, 5)).fetched()).hasSize(5);
    }

    /** Which ends the other calls, too: that must not count as a mere pause. */
    @ParameterizedTest
    @ValueSource(strings = {"p0", "p2", "p4"})
    void failsWithWhatKeepsItemsOfOneCallFromBeingWritten(String full) {
        answers = id -> id.equals(full)
                ? new ChunkFailure(new IOException("No space left on device"))
                : new PausedException("the run is cancelled");

        Exchange ended =
                producer.send("direct:chunk", exchange -> exchange.getMessage().setBody(chunk(1, 5)));

        assertThat(ended.getException()).isInstanceOf(IOException.class).hasMessage("No space left on device");
    }

    @Test
    void itemsThatAreWrittenCountAsFetched() {
        answers = id -> (WrittenItems) () -> 7;

        assertThat(send(chunk(1, 2)).fetched()).hasSize(2).allSatisfy(fetched -> {
            assertThat(fetched.items()).isEqualTo(7);
            assertThat(fetched.section()).isEmpty();
        });
    }

    private ChunkOutcomes send(Chunk chunk) {
        return producer.requestBody("direct:chunk", chunk, ChunkOutcomes.class);
    }

    private static Chunk chunk(int number, int people) {
        return new Chunk(
                "batch",
                "patents",
                number,
                IntStream.range(0, people)
                        .mapToObj(i -> new Person("p" + i, "Person " + number))
                        .toList());
    }

    private static JsonNode section(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
