package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.tooling.dryrun.DryRun;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whom a dry run is about. What it finds out of them, see {@link DryRunRouteTest}. */
@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class TryIndexerRouteTest {
    private static final String FIRST = "http://people.test/people?active=true&page=1&size=500";

    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    private final Map<String, JsonNode> pages = new HashMap<>();

    @BeforeEach
    void answer() {
        SharedApplication.api = exchange -> {
            String url = exchange.getMessage().getBody(String.class);
            exchange.getMessage().setBody(pages.getOrDefault(url, Sample.json("{\"sample\":[]}")));
        };
    }

    @Test
    void readsNoMorePagesThanItNeeds() {
        pages.put(FIRST, Sample.page("/people?page=2", "ada", "bob", "cy"));

        assertThat(people(2)).containsExactly("ada", "bob");
        assertThat(called())
                .containsExactlyInAnyOrder(
                        FIRST, "http://people.test/people/ada/sample", "http://people.test/people/bob/sample");
    }

    @Test
    void readsOnWhereAPageHasTooFew() {
        pages.put(FIRST, Sample.page("/people?page=2", "ada"));
        pages.put("http://people.test/people?page=2", Sample.page("/people?page=3", "ada", "bob"));
        pages.put("http://people.test/people?page=3", Sample.page(null, "cy"));

        assertThat(people(5)).containsExactly("ada", "bob", "cy");
    }

    @Test
    void failsWhereTheListHasNobody() {
        pages.put(FIRST, Sample.page(null));

        assertFails("the people list is empty");
    }

    @Test
    void failsWhereTheListDoesNotAdvance() {
        pages.put(FIRST, Sample.page("/people?page=2"));
        pages.put("http://people.test/people?page=2", Sample.page("/people?page=2"));

        assertFails(
                "http://people.test/people?page=2: the pages form a cycle: page 2 leads back to a page already read");
    }

    @Test
    void failsWhereTheListLeadsToAnotherHost() {
        pages.put(FIRST, Sample.page("https://evil.example.com/people"));

        assertFails(FIRST
                + ": cannot call the next page: the URL https://evil.example.com/… is not on the host of the API 'default',"
                + " people.test");
        assertThat(called()).containsExactly(FIRST);
    }

    @Test
    void failsWhereTheListIsNone() {
        assertFails(
                FIRST
                        + ": invalid page of the people list: colleagues.people.items, .items, is null; expected a list. The response is an object with 'sample'");
    }

    private static List<String> people(int limit) {
        return dryRun(limit).people().stream().map(Tried::id).toList();
    }

    private static DryRunReport dryRun(int limit) {
        DryRuns dryRuns = API.bean(DryRuns.class);
        DryRun dryRun = dryRuns.of("sample", limit);
        dryRuns.begin(dryRun);
        API.bean(ProducerTemplate.class).sendBody("direct:try-indexer", dryRun);
        return dryRuns.await(dryRun);
    }

    private static void assertFails(String reason) {
        assertThatThrownBy(() -> dryRun(5))
                .isInstanceOf(RequestRefused.class)
                .hasMessage("the dry run failed: " + reason);
    }

    private static List<String> called() {
        MockEndpoint api = API.mock("call-api");
        return api.getExchanges().stream()
                .map(exchange -> exchange.getMessage().getBody(String.class))
                .toList();
    }
}
