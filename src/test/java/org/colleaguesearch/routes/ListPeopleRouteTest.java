package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.source.ApiGate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListPeopleRouteTest {
    private static final String FIRST = "http://people.test/people?active=true&page=1&size=500";

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of(
                    "list-people", "read-people", "read-people-pages", "fetch-list-page", "index-chunk")
            .withTestRoute("index-sample")
            .with("fetch-list-page", route -> {
                route.weaveById("fetch-page").replace().to("mock:fetch-url");
                route.weaveById("fetch-page-when-well").replace().to("mock:fetch-when-well");
            });

    private MockEndpoint api;
    private MockEndpoint again;
    private Batch batch;

    @BeforeEach
    void open() {
        api = APPLICATION.mock("fetch-url");
        again = APPLICATION.mock("fetch-when-well");
        batch = APPLICATION.bean(Batches.class).open("test");
    }

    @AfterEach
    void close() {
        APPLICATION.bean(Batches.class).close(batch);
    }

    @Test
    void followsNextUntilItIsNull() throws Exception {
        answer(Sample.page("/people?page=2", "ada", "bob"), Sample.page("/people?page=3&x=%2F", "cy"), last("dee"));
        api.expectedBodiesReceived(FIRST, "http://people.test/people?page=2", "http://people.test/people?page=3&x=%2F");

        Exchange ended = list();

        api.assertIsSatisfied();
        assertThat(ended.getException()).isNull();
        assertThat(people()).containsExactly("ada", "bob", "cy", "dee");
        assertThat(batch.people().size()).isEqualTo(4);
    }

    @Test
    void followsAbsoluteNextOnTheSameHost() throws Exception {
        answer(Sample.page("http://people.test/other?page=2", "ada"), last("bob"));
        api.expectedBodiesReceived(FIRST, "http://people.test/other?page=2");

        list();

        api.assertIsSatisfied();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.test/people", "https://people.test/people", "//evil.test/people"})
    void doesNotFollowNextToAnotherHost(String next) throws Exception {
        answer(Sample.page(next, "ada"), last("bob"));
        api.expectedBodiesReceived(FIRST);

        Exchange ended = list();

        api.assertIsSatisfied();
        assertThat(ended.getException()).hasMessageContaining("is not on the host of the API 'default'");
    }

    @Test
    void emptyListIsAList() {
        answer(last());

        Exchange ended = list();

        assertThat(ended.getException()).isNull();
        assertThat(people()).isEmpty();
    }

    @Test
    void pageWithNobodyDoesNotEndTheList() {
        answer(Sample.page("/people?page=2"), last("ada"));

        list();

        assertThat(people()).containsExactly("ada");
    }

    @Test
    void listsPersonOnceWhoIsOnTwoPages() {
        answer(Sample.page("/people?page=2", "ada", "bob", "ada"), last("bob", "cy"));

        list();

        assertThat(people()).containsExactly("ada", "bob", "cy");
        assertThat(batch.people().size()).isEqualTo(3);
    }

    @Test
    void keepsHostileIdsAndNames() {
        String[] ids = {"a/b", "a b?c#d", "100%", "a\nb", "\"q\"", "=1+1", "🧑‍🚀", "{{x}}", "${body}", "..", "a\u2028b"
        };
        answer(last(ids));

        Exchange ended = list();

        assertThat(ended.getException()).isNull();
        assertThat(people()).containsExactly(ids);
    }

    @Test
    void readsHugePage() {
        String[] ids = IntStream.range(0, 20_000).mapToObj(i -> "p" + i).toArray(String[]::new);
        answer(last(ids));

        list();

        assertThat(people()).containsExactly(ids);
    }

    @Test
    void readsThousandsOfPages() {
        int pages = 3000;
        api.whenAnyExchangeReceived(exchange -> {
            int page = api.getReceivedCounter();
            exchange.getMessage().setBody(Sample.page(page < pages ? "/people?page=" + (page + 1) : null, "p" + page));
        });

        Exchange ended = list();

        assertThat(ended.getException()).isNull();
        assertThat(batch.people().size()).isEqualTo(pages);
    }

    @Test
    void failsWhenTheListDoesNotAdvance() {
        api.whenAnyExchangeReceived(exchange ->
                exchange.getMessage().setBody(Sample.page("/people?cursor=" + api.getReceivedCounter(), "ada")));

        assertThat(list().getException())
                .hasRootCauseInstanceOf(PeopleListException.class)
                .hasStackTraceContaining("the people list does not advance: 100 pages in a row have no new people");
        assertThat(api.getReceivedCounter()).isEqualTo(101);
    }

    @Test
    void failsOnIdThatIsNoText() {
        answer(Sample.json("{\"items\":[{\"id\":\"a\\u0000b\"}]}"));

        assertThat(list().getException())
                .hasRootCauseInstanceOf(PeopleListException.class)
                .hasStackTraceContaining("the id contains a NUL");
    }

    @Test
    void theLedgerKnowsHowManyAreListedOnlyWhenAllAre() {
        Ledger ledger = APPLICATION.bean(Ledger.class);
        assertThat(ledger.batch(batch.id()).orElseThrow().people()).isNull();
        answer(Sample.page("/people?page=2", "ada"), last("bob"));

        list();

        assertThat(batch.isListed()).isTrue();
        assertThat(ledger.batch(batch.id()).orElseThrow().people()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"items\":null}",
                "{\"items\":{}}",
                "{\"items\":[{}]}",
                "{\"items\":[{\"id\":7.5}]}",
                "{\"items\":[{\"id\":\"\"}]}",
                "{\"items\":[\"ada\"]}"
            })
    void failsOnAnswerOfAnotherShape(String answer) {
        answer(Sample.json(answer));

        assertThat(list().getException())
                .hasRootCauseInstanceOf(PeopleListException.class)
                .hasStackTraceContaining("people list");
    }

    @Test
    void takesApiForDownThatDoesNotAnswerAndFetchesThePageWhenItIsWell() throws Exception {
        api.whenExchangeReceived(1, exchange -> exchange.getMessage().setBody(Sample.page("/people?page=2", "ada")));
        api.whenExchangeReceived(2, exchange -> {
            exchange.getMessage().setBody("");
            throw new ConnectException("refused");
        });
        again.expectedBodiesReceived("http://people.test/people?page=2");
        again.whenAnyExchangeReceived(exchange -> {
            assertThat(APPLICATION.bean(ApiGate.class).states()).containsEntry("default people.test", State.OPEN);
            exchange.getMessage().setBody(last("bob"));
        });

        Exchange ended = list();

        again.assertIsSatisfied();
        assertThat(ended.getException()).isNull();
        assertThat(people()).containsExactly("ada", "bob");
    }

    @Test
    void pausesWhenTheApiIsDownForTooLong() {
        api.whenAnyExchangeReceived(exchange -> {
            throw Sample.status(503, Map.of());
        });
        again.whenAnyExchangeReceived(exchange -> {
            throw new PausedException("no good answer for 10 minutes");
        });

        assertThat(list().getException())
                .isInstanceOf(PausedException.class)
                .hasMessage("no good answer for 10 minutes");
        assertThat(batch.isListed()).isFalse();
    }

    private Exchange list() {
        return APPLICATION.send("list-people", exchange -> exchange.setVariable("batch", batch));
    }

    private List<String> people() {
        return batch.people().read(0, Integer.MAX_VALUE).stream()
                .map(Person::id)
                .toList();
    }

    private void answer(JsonNode... pages) {
        api.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(pages[api.getReceivedCounter() - 1]));
    }

    private static JsonNode last(String... ids) {
        return Sample.page(null, ids);
    }
}
