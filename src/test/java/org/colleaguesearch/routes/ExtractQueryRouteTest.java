package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.colleaguesearch.extract.Query;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ExtractQueryRouteTest {
    private static final String FOUND = "{\"hits\":[{\"person\":{\"id\":\"a\",\"name\":\"A\"},\"score\":1.5}]}";

    @RegisterExtension
    static final SharedApplication EXTRACT = SharedApplication.EXTRACT;

    private final AtomicInteger searches = new AtomicInteger();
    private int failures;
    private int status;

    @BeforeEach
    void answer() {
        SharedApplication.search = exchange -> {
            boolean fails = searches.incrementAndGet() <= failures;
            exchange.getMessage().setHeader("CamelHttpResponseCode", fails ? status : 200);
            exchange.getMessage().setBody(fails ? "{\"detail\":\"OpenSearch is away\"}" : FOUND);
        };
    }

    @Test
    void searchesOnce() {
        Query query = query("glass");

        assertThat(extract(query).getException()).isNull();

        assertThat(searches).hasValue(1);
        assertThat(query.found()).containsExactly(List.of("1", "a", "A", "1.5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void doesNotSearchForNothingAtAll(String text) {
        Query query = query(text);

        assertThat(extract(query).getMessage().getBody()).isSameAs(query);

        assertThat(searches).hasValue(0);
        assertThat(query.found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void searchesAgainWhileThatMayHelp(int passing) {
        failures = 2;
        status = passing;
        Query query = query("glass");

        assertThat(extract(query).getException()).isNull();

        assertThat(searches).hasValue(3);
        assertThat(query.found()).hasSize(1);
    }

    @Test
    void givesUpInTheEnd(CapturedOutput log) {
        failures = 100;
        status = 503;

        assertThat(extract(query("glass")).getException())
                .hasMessage("query 1 (line 2) cannot be searched for: 503, OpenSearch is away");

        assertThat(searches).hasValue(3);
        assertThat(log).doesNotContain("ERROR", "Exception");
    }

    @Test
    void doesNotSearchAgainForWhatIsRefused(CapturedOutput log) {
        failures = 100;
        status = 422;

        assertThat(extract(query("glass")).getException())
                .hasMessage("query 1 (line 2) cannot be searched for: 422, OpenSearch is away");

        assertThat(searches).hasValue(1);
        assertThat(log).doesNotContain("ERROR", "Exception");
    }

    private static Query query(String text) {
        return new Query(1, 2, List.of(text), text);
    }

    private static Exchange extract(Query query) {
        return EXTRACT.application().send("extract-query", query);
    }
}
