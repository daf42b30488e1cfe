package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.source.RetriedCalls;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

class IndexChunkRouteTest {
    private static final int WORKERS = 4;
    private static final int CHUNK_ATTEMPTS = 3;
    private static final String NOT_A_LIST = "the section is not a list of objects: check 'section'";

    /** What stands behind mock:fetch-url; not within it, since a mock lets in one thread at a time. */
    private static volatile Processor fetching;

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("index-chunk", "fetch-section")
            .withTestRoute("index-sample")
            .withTestRoute("index-paged")
            .withTestRoute("index-nested")
            .with("camel.threadpool.config.fetch.pool-size", WORKERS)
            .with("colleagues.indexing.chunk-attempts", CHUNK_ATTEMPTS)
            .with("fetch-sample", route -> mockFetching(route, "fetch-section"))
            .with("fetch-paged", route -> mockFetching(route, "fetch-section"))
            .with(
                    "fetch-nested",
                    route -> route.weaveById("fetch-section")
                            .replace()
                            .to("mock:fetch-url")
                            .process(exchange -> fetching.process(exchange)))
            .with("index-sample", IndexChunkRouteTest::mockDelivery)
            .with("index-paged", IndexChunkRouteTest::mockDelivery)
            .with("index-nested", IndexChunkRouteTest::mockDelivery);

    private MockEndpoint api;
    private MockEndpoint delivered;

    private static void mockFetching(AdviceWithRouteBuilder route, String node) {
        route.weaveById(node)
                .replace()
                .to("mock:fetch-url")
                .process(exchange -> fetching.process(exchange))
                .setHeader(Exchange.HTTP_RESPONSE_CODE)
                .constant(200);
    }

    private static void mockDelivery(AdviceWithRouteBuilder route) {
        route.weaveById("deliver-outcomes").replace().to("mock:deliver-chunk");
    }

    @BeforeEach
    void mock() {
        api = APPLICATION.mock("fetch-url");
        delivered = APPLICATION.mock("deliver-chunk");
        fetching = IndexChunkRouteTest::answerWithOwnUrl;
        Sample.openRun(APPLICATION, "sample", "paged", "nested");
    }

    @Test
    void deliversOneOutcomeForEachPersonOfTheChunk() throws Exception {
        api.expectedBodiesReceivedInAnyOrder(
                "http://people.test/people/ada/sample", "http://people.test/people/bob/sample");
        fetching = answers(Map.of("ada", """
                {"id":"ada","sample":[{"title":"A","year":1}]}""", "bob", """
                {"id":"bob","sample":[{"title":"B"},{"title":"C"}]}"""));

        Exchange ended = index("ada", "bob");

        api.assertIsSatisfied();
        assertThat(ended.getException()).isNull();
        assertThat(delivered()).isEqualTo(Sample.outcomes(Sample.fetched("ada", """
                        [{"title":"A","year":1}]"""), Sample.fetched("bob", """
                        [{"title":"B"},{"title":"C"}]""")));
    }

    @Test
    void keepsOtherOutcomesWhenLastUrlFails() {
        fetching = exchange -> {
            if (url(exchange).contains("/cy/")) {
                throw new IOException("Connection reset");
            }
            answerWithOwnUrl(exchange);
        };

        index("ada", "bob", "cy");

        assertThat(outcomes())
                .last()
                .isEqualTo(new Failed(Sample.call("cy"), "IOException: Connection reset", null, 1));
        assertThat(delivered().fetched()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"sample\":null}",
                "{\"sample\":{}}",
                "{\"sample\":\"x\"}",
                "{\"sample\":[1]}",
                "{\"sample\":[{},null]}",
                "{\"sample\":[[]]}"
            })
    void sectionOfAnotherShapeIsFailureWithItsUrl(String answer) {
        fetching = answers(Map.of("ada", answer));

        index("ada", "bob");

        assertThat(outcomes()).first().isEqualTo(new Failed(Sample.call("ada"), NOT_A_LIST, 200, 1));
        assertThat(delivered().fetched()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"text\""})
    void answerThatTheExpressionCannotReadIsFailureWithItsUrl(String answer) {
        fetching = answers(Map.of("ada", answer));

        index("ada", "bob");

        Failed failed = (Failed) outcomes().getFirst();
        assertThat(failed.call()).isEqualTo(Sample.call("ada"));
        assertThat(failed.reason()).isNotBlank().doesNotContain("\n");
        assertThat(delivered().fetched()).hasSize(1);
    }

    @Test
    void orderOfOutcomesIsThatOfPeopleThoughAnswersComeInAnother() {
        String[] ids = people(WORKERS);
        CountDownLatch others = new CountDownLatch(WORKERS - 1);
        fetching = exchange -> {
            // The first answer comes last.
            if (url(exchange).contains("/p0/")) {
                assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
            }
            answerWithOwnUrl(exchange);
            others.countDown();
        };

        index(ids);

        assertThat(people()).containsExactly(ids);
        assertEachHasItsOwnAnswer();
    }

    @Test
    void countsTheAttemptsOfEachCall() {
        fetching = exchange -> {
            RetriedCalls.retry(exchange, 2);
            if (url(exchange).contains("/bob/")) {
                throw new IOException("Connection reset");
            }
            answerWithOwnUrl(exchange);
        };

        index("ada", "bob");

        assertThat(outcomes()).extracting(Outcome::attempts).containsExactly(3, 3);
    }

    @Test
    void samePersonTwiceHasTwoOutcomes() {
        index("ada", "ada");

        assertThat(people()).containsExactly("ada", "ada");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a/b|a%2Fb",
                "a b|a%20b",
                "a?b=c|a%3Fb%3Dc",
                "a#b|a%23b",
                "100%|100%25",
                "a%2Fb|a%252Fb",
                "..|..",
                "a+b|a%2Bb",
                "a;b|a%3Bb",
                "ü|%C3%BC",
                "😀|%F0%9F%98%80",
                "{{x}}|%7B%7Bx%7D%7D",
                "{id}|%7Bid%7D",
                "${body}|%24%7Bbody%7D",
                "\"'<>|%22%27%3C%3E"
            })
    void encodesHostileIds(String id, String encoded) throws Exception {
        api.expectedBodiesReceived("http://people.test/people/" + encoded + "/sample");

        index(id);

        api.assertIsSatisfied();
        assertThat(people()).containsExactly(id);
        assertThat(delivered().hasFetched()).isTrue();
    }

    @Test
    void encodesLineBreaksInIds() throws Exception {
        api.expectedBodiesReceived("http://people.test/people/a%0D%0Ab/sample");

        index("a\r\nb");

        api.assertIsSatisfied();
    }

    @Test
    void deliversOneHugeChunkInOrder() {
        String[] ids = people(10_000);

        Exchange ended = index(ids);

        assertThat(ended.getException()).isNull();
        assertThat(people()).containsExactly(ids);
        assertEachHasItsOwnAnswer();
    }

    @Test
    void neverCallsMoreUrlsAtOnceThanThePoolHasThreads() throws Exception {
        Door door = new Door(IndexChunkRouteTest::answerWithOwnUrl);
        fetching = door;

        CompletableFuture<Exchange> ended = indexInBackground(1, people(50));
        door.awaitHeld(WORKERS);
        door.open();

        assertThat(ended.get(20, TimeUnit.SECONDS).getException()).isNull();
        assertThat(door.most()).isEqualTo(WORKERS);
        assertThat(people()).containsExactly(people(50));
    }

    @Test
    void chunksThatOverlapShareThePoolAndKeepTheirOwnOutcomes() throws Exception {
        Door door = new Door(IndexChunkRouteTest::answerWithOwnUrl);
        fetching = door;

        CompletableFuture<Exchange> first = indexInBackground(1, people(30));
        CompletableFuture<Exchange> second = indexInBackground(2, "ada", "bob");
        door.awaitHeld(WORKERS);
        door.open();

        CompletableFuture.allOf(first, second).get(20, TimeUnit.SECONDS);
        assertThat(door.most()).isEqualTo(WORKERS);
        assertThat(delivered.getExchanges())
                .extracting(exchange -> exchange.getMessage()
                        .getBody(ChunkOutcomes.class)
                        .outcomes()
                        .size())
                .containsExactlyInAnyOrder(30, 2);
    }

    @Test
    void failedDeliveryIsTheFailureOfTheChunk() {
        delivered.whenAnyExchangeReceived(exchange -> {
            throw new IOException("disk full");
        });

        assertThat(index("ada").getException()).isInstanceOf(IOException.class).hasMessage("disk full");
    }

    @Test
    void callsChunkAgainThatWasUnderWayWhenTheApplicationDied() {
        begin(CHUNK_ATTEMPTS - 1);

        index("ada");

        assertThat(delivered().hasFetched()).isTrue();
        assertThat(api.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void setsChunkAsideThatWasUnderWayTooOftenWhenTheApplicationDied(CapturedOutput log) {
        begin(CHUNK_ATTEMPTS);

        Exchange ended = index("ada", "a/b");

        assertThat(ended.getException()).isNull();
        assertThat(api.getReceivedCounter()).isZero();
        String reason = "quarantined: its chunk was in flight 3 times when the application died";
        assertThat(outcomes())
                .extracting(outcome -> outcome.call().url(), outcome -> ((Failed) outcome).reason(), Outcome::attempts)
                .containsExactly(
                        tuple("http://people.test/people/ada/sample", reason, 0),
                        tuple("http://people.test/people/a%2Fb/sample", reason, 0));
        assertThat(log)
                .contains("run sample: chunk 1 is quarantined: it was in flight 3 times when the application died");
    }

    @Test
    void joinsThePagesOfASection() throws Exception {
        api.expectedBodiesReceived(paged("ada", 1), paged("ada", 2), paged("ada", 3));
        fetching = IndexChunkRouteTest::answerWithPage;

        indexPaged("ada");

        api.assertIsSatisfied();
        assertThat(outcomes()).containsExactly(new Fetched(pagedCall("ada"), Sample.json("""
                        [{"title":"ada 1"},{"title":"ada 2"},{"title":"ada 3"}]"""), 200, 1, 3));
    }

    /** Their }} does not close a placeholder. */
    @Test
    void takesJqWithObjectsInObjects() {
        fetching = IndexChunkRouteTest::answerWithPage;

        APPLICATION.send(
                "index-nested",
                new Chunk(Sample.BATCH_ID, "nested", 1, Sample.chunk("ada").people()));

        assertThat(delivered().fetched()).extracting(Fetched::section).containsExactly(Sample.json("""
                        [{"title":"ada 1","a":{"b":{"c":"ada 1"}}},{"title":"ada 2","a":{"b":{"c":"ada 2"}}},
                         {"title":"ada 3","a":{"b":{"c":"ada 3"}}}]"""));
    }

    @Test
    void keepsPagesOfOnePersonApartFromThoseOfAnother() {
        fetching = IndexChunkRouteTest::answerWithPage;

        indexPaged("ada", "bob", "cy");

        assertThat(delivered().fetched())
                .extracting(fetched -> fetched.section().findValuesAsText("title"))
                .containsExactly(
                        List.of("ada 1", "ada 2", "ada 3"),
                        List.of("bob 1", "bob 2", "bob 3"),
                        List.of("cy 1", "cy 2", "cy 3"));
    }

    @Test
    void pageThatFailsFailsItsUrlAndNoOther() {
        fetching = exchange -> {
            if (url(exchange).equals(paged("ada", 2))) {
                throw Sample.status(404, null);
            }
            answerWithPage(exchange);
        };

        indexPaged("ada", "bob");

        assertThat(outcomes()).first().isEqualTo(new Failed(pagedCall("ada"), "page 2: HTTP 404 Not Found", 404, 1, 2));
        assertThat(delivered().fetched()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://evil.example.com/x|page 1: cannot call the next page: the URL https://evil.example.com/… is not on the host of the API 'default', people.test",
                "?page=1|page 1: the pages form a cycle: page 1 leads back to a page already read"
            })
    void pageThatLeadsNowhereItMayIsFailureOfItsUrl(String next, String reason) {
        fetching = exchange ->
                exchange.getMessage().setBody(Sample.json("{\"results\":[],\"meta\":{\"next\":\"" + next + "\"}}"));

        indexPaged("ada");

        assertThat(outcomes()).containsExactly(new Failed(pagedCall("ada"), reason, null, 1));
        assertThat(api.getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void countsTheRetriesOfAllPages() {
        fetching = exchange -> {
            boolean isSecond = url(exchange).equals(paged("ada", 2));
            answerWithPage(exchange);
            RetriedCalls.retry(exchange, isSecond ? 3 : 0);
        };

        indexPaged("ada");

        assertThat(outcomes()).extracting(Outcome::attempts, Outcome::calls).containsExactly(tuple(4, 6));
    }

    private static Exchange indexPaged(String... ids) {
        return APPLICATION.send(
                "index-paged",
                new Chunk(Sample.BATCH_ID, "paged", 1, Sample.chunk(ids).people()));
    }

    private static Call pagedCall(String id) {
        return new Call(Sample.person(id), paged(id, 1));
    }

    private static String paged(String id, int page) {
        return "http://people.test/people/" + id + "/paged?page=" + page;
    }

    /** One of three pages, each of one item. */
    private static void answerWithPage(Exchange exchange) {
        List<String> parts = List.of(url(exchange).split("[/=]", -1));
        int page = Integer.parseInt(parts.getLast());
        exchange.getMessage()
                .setBody(Sample.json("{\"results\":[{\"title\":\"%s %d\"}],\"meta\":{\"next\":%s}}"
                        .formatted(parts.get(4), page, page < 3 ? "\"?page=" + (page + 1) + "\"" : "null")));
    }

    private static void begin(int times) {
        for (int i = 0; i < times; i++) {
            APPLICATION.bean(ChunkLedger.class).begin(Sample.chunk());
        }
    }

    private static Exchange index(String... ids) {
        return APPLICATION.send("index-sample", Sample.chunk(ids));
    }

    private static CompletableFuture<Exchange> indexInBackground(int number, String... ids) {
        Chunk chunk =
                new Chunk(Sample.BATCH_ID, "sample", number, Sample.chunk(ids).people());
        return APPLICATION
                .bean(ProducerTemplate.class)
                .asyncSend(
                        "direct:index-sample", exchange -> exchange.getMessage().setBody(chunk));
    }

    private static String url(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }

    /** Answers by the id in the URL, and those who are not named with their URL. */
    private static Processor answers(Map<String, String> answers) {
        return exchange -> {
            String id = url(exchange).replaceFirst(".*/people/(.*)/sample", "$1");
            if (answers.containsKey(id)) {
                exchange.getMessage().setBody(Sample.json(answers.get(id)));
            } else {
                answerWithOwnUrl(exchange);
            }
        };
    }

    private static void answerWithOwnUrl(Exchange exchange) {
        exchange.getMessage().setBody(Sample.json("{\"sample\":[{\"url\":\"" + url(exchange) + "\"}]}"));
    }

    private ChunkOutcomes delivered() {
        assertThat(delivered.getExchanges()).hasSize(1);
        return delivered.getExchanges().getFirst().getMessage().getBody(ChunkOutcomes.class);
    }

    private List<Outcome> outcomes() {
        return delivered().outcomes();
    }

    private List<String> people() {
        return outcomes().stream().map(outcome -> outcome.call().person().id()).toList();
    }

    private void assertEachHasItsOwnAnswer() {
        assertThat(delivered().fetched())
                .hasSameSizeAs(outcomes())
                .allSatisfy(fetched -> assertThat(
                                fetched.section().get(0).get("url").textValue())
                        .isEqualTo(fetched.call().url()));
    }

    private static String[] people(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).toArray(String[]::new);
    }
}
