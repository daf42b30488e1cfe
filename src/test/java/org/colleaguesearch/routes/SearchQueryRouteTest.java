package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.colleaguesearch.extract.Query;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class SearchQueryRouteTest {
    @RegisterExtension
    static final SharedApplication EXTRACT = SharedApplication.EXTRACT;

    private final Query query = new Query(17, 18, List.of("1", "glass \"fibre\""), "glass \"fibre\"");

    @Test
    void asksForTheFirstTenAsTheContractSays() {
        List<String> requests = new ArrayList<>();
        List<Object> headers = new ArrayList<>();
        SharedApplication.search = exchange -> {
            requests.add(exchange.getMessage().getBody(String.class));
            headers.addAll(exchange.getMessage().getHeaders().keySet());
            answer(exchange, 200, "{\"total\":0,\"hits\":[],\"facets\":{}}");
        };

        Exchange searched = search();

        assertThat(searched.getException()).isNull();
        assertThat(requests)
                .singleElement()
                .satisfies(request -> assertThat(Sample.json(request))
                        .isEqualTo(Sample.json("{\"query\":\"glass \\\"fibre\\\"\",\"size\":10}")));
        assertThat(headers).isEmpty();
        assertThat(searched.getMessage().getBody()).isSameAs(query);
        assertThat(query.found()).isEmpty();
    }

    @Test
    void takesWhoWasFoundBestFirst() {
        SharedApplication.search = exchange -> answer(exchange, null, """
                {"total":2,"facets":{},"hits":[
                 {"person":{"id":"a/1","name":"Ada, née Byron"},"score":12.25,"patents":[]},
                 {"person":{"id":"b","name":"Bob"},"score":null}]}""");

        search();

        assertThat(query.found())
                .containsExactly(List.of("1", "a/1", "Ada, née Byron", "12.25"), List.of("2", "b", "Bob", ""));
    }

    @Test
    void namesTheQueryThatTheSearchRefuses() {
        SharedApplication.search = exchange -> answer(exchange, 400, "{\"status\":400,\"detail\":\"too odd\"}");

        assertThat(search().getException()).hasMessage("query 17 (line 18) failed: HTTP 400, too odd");
    }

    @Test
    void failsWhereTheAnswerIsNotJson() {
        SharedApplication.search = exchange -> answer(exchange, 200, "<html>");

        assertThat(search().getException()).isNotNull();
    }

    private Exchange search() {
        return EXTRACT.application().send("search-query", exchange -> {
            exchange.getMessage().setBody(query);
            exchange.getMessage().setHeader("CamelFileName", "queries.csv");
            exchange.getMessage().setHeader("CamelHttpResponseCode", 418);
        });
    }

    private static void answer(Exchange exchange, Integer status, String body) {
        exchange.getMessage().setHeader("CamelHttpResponseCode", status);
        exchange.getMessage().setBody(body);
    }
}
