package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Outcomes.failed;
import static org.colleaguesearch.delivery.Outcomes.fetched;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;

class CsvRowsTest {
    private final CsvRows rows = new CsvRows(FixedIndexers.named("patents"), ShippedSettings.with());

    @Test
    void makesOneRowPerItemInPeopleOrder() {
        assertThat(cells(rows.items(Outcomes.of(
                        1,
                        fetched("b", "[{\"title\":\"B1\",\"year\":2001},{\"title\":\"B2\",\"year\":2002}]"),
                        failed("x", "HTTP 404", 404, 1),
                        fetched("none", "[]"),
                        fetched("a", "[{\"title\":\"A1\",\"year\":1999}]")))))
                .containsExactly(List.of("b", "B1", "2001"), List.of("b", "B2", "2002"), List.of("a", "A1", "1999"));
    }

    @Test
    void leavesCellsEmptyForMissingFields() {
        assertThat(cells(rows.items(Outcomes.of(1, fetched("a", "[{\"other\":1},{\"year\":null,\"title\":\"T\"}]")))))
                .containsExactly(List.of("a", "", ""), List.of("a", "T", ""));
    }

    @Test
    void keepsEqualItems() {
        assertThat(cells(rows.items(Outcomes.of(1, fetched("a", "[{\"title\":\"T\"},{\"title\":\"T\"}]")))))
                .hasSize(2);
    }

    @Test
    void neutralisesEveryCell() {
        assertThat(cells(rows.items(Outcomes.of(1, fetched("=id", "[{\"title\":\"@t\",\"year\":-5}]")))))
                .containsExactly(List.of("'=id", "'@t", "-5"));
        assertThat(rows.error(failed("+id", "-reason", null, 2)))
                .containsExactly("'+id", "https://api/people/+id/patents", "'-reason", "", "2");
    }

    @Test
    void neutralisesNothingWhenTurnedOff() {
        CsvRows plain = new CsvRows(
                FixedIndexers.named("patents"), ShippedSettings.with("colleagues.csv.neutralise-formulas=false"));

        assertThat(cells(plain.items(Outcomes.of(1, fetched("=id", "[{\"title\":\"@t\"}]")))))
                .containsExactly(List.of("=id", "@t", ""));
    }

    @Test
    void makesTheErrorRowOfAFailedUrl() {
        assertThat(rows.error(failed("a", "HTTP 404 Not Found", 404, 1)))
                .containsExactly("a", "https://api/people/a/patents", "HTTP 404 Not Found", "404", "1");
        assertThat(rows.error(failed("c", "timed out", null, 5)))
                .containsExactly("c", "https://api/people/c/patents", "timed out", "", "5");
    }

    @Test
    void makesNoRowsWithoutItems() {
        assertThat(cells(rows.items(Outcomes.of(1)))).isEmpty();
    }

    private static List<List<String>> cells(List<Map<String, String>> rows) {
        return rows.stream().map(row -> List.copyOf(row.values())).toList();
    }
}
