package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.routes.SharedApplication.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dry run finds, see {@link DryRunRouteTest}. */
@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class DryRunIndexerRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @BeforeEach
    void answer() {
        SharedApplication.api = exchange -> exchange.getMessage()
                .setBody(
                        exchange.getMessage().getBody(String.class).contains("/people?")
                                ? Sample.page(null, "ada", "bob", "cy", "dee", "eve", "fay")
                                : Sample.json("{\"sample\":[{\"title\":\"A\"}]}"));
    }

    @Test
    void answersWithWhatWouldBeWrittenAndStartsNothing() {
        Answer answer = API.call("dry-run-indexer", null, Map.of("indexer", "sample", "limit", "1"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json()).isEqualTo(Sample.json("""
                        {"indexer":"sample","header":"person_id,title,year","people":[
                          {"id":"ada","name":"ADA","url":"http://people.test/people/ada/sample","attempts":1,
                           "responses":[{"sample":[{"title":"A"}]}],
                           "document":{"active":true,"id":"ada","name":"ADA","sample":[{"title":"A"}]},
                           "rows":["ada,A,"]}],
                         "notes":["no item has a field for column 'year', so its cells are empty; expected title"]}"""));
        assertThat(API.bean(Ledger.class).newest()).isEmpty();
    }

    @Test
    void triesFivePeopleWithoutALimit() {
        assertThat(API.call("dry-run-indexer", null, Map.of("indexer", "sample"))
                        .json()
                        .get("people"))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "null", "'sample'", "sample,other", "${body}"})
    void saysWhichIndexersThereAre(String indexer) {
        Answer answer = API.call("dry-run-indexer", null, Map.of("indexer", indexer));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("indexer");
        assertThat(answer.json().path("detail").asText())
                .isEqualTo("unknown indexer '" + indexer + "'; expected one of: other, sample");
    }
}
