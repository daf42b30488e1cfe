package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The checks of a request; route tests cover the rest. */
class RunRequestsTest {
    private static final String ONLY = "colleagues.indexing.only=patents,functions";

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    private final OpenBatches open = new OpenBatches(ShippedSettings.with());

    @Test
    void defaultsToAllEnabledIndexers() {
        assertThat(requests().asked(json("{}"))).containsExactly("functions", "geography", "patents");
        assertThat(requests(ONLY).asked(json("{}"))).containsExactly("functions", "patents");
    }

    @Test
    void keepsTheOrderOfTheNamedIndexers() {
        assertThat(requests().asked(json("{\"indexers\":[\"patents\",\"functions\"]}")))
                .containsExactly("patents", "functions");
    }

    @Test
    void refusesIndexerThatIsNotEnabled() {
        RequestRefused problem = catchThrowableOfType(
                RequestRefused.class, () -> requests(ONLY).asked(json("{\"indexers\":[\"patents\",\"geography\"]}")));

        assertThat(problem.kind()).isEqualTo(Kind.INVALID);
        assertThat(problem.field()).contains("/indexers/1");
        assertThat(problem)
                .hasMessage("indexer 'geography' is not enabled by colleagues.indexing.only;"
                        + " expected one of: functions, patents");
    }

    @Test
    void refusesEverythingWhileTheApplicationIsStopping() {
        RunRequests requests = requests();
        List<String> asked = requests.asked(json("{}"));
        open.stop();

        for (Runnable request : List.<Runnable>of(
                () -> requests.asked(json("{}")),
                () -> requests.open(asked, "ops", false),
                () -> requests.retry("20260101T020000000Z-patents"))) {
            assertThatExceptionOfType(RequestRefused.class)
                    .isThrownBy(request::run)
                    .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.UNAVAILABLE));
        }
        assertThat(database.ledger().newest()).isEmpty();
    }

    private RunRequests requests(String... settings) {
        FixedIndexers indexers = FixedIndexers.named("functions", "geography", "patents");
        Batches batches = new Batches(
                indexers,
                open,
                database.ledger(),
                database.chunks(),
                database.people(),
                database.database(),
                ShippedSettings.with(settings));
        return new RunRequests(open, batches, null, null, database.ledger(), indexers);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
