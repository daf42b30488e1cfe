package org.colleaguesearch.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.SweepMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DepartedTest {
    @ParameterizedTest
    @CsvSource({
        // Not more than 10 % and not more than 10 people.
        "0, 0, false",
        "10, 100, false",
        "10, 1000, false",
        // More than one of the limits.
        "10, 10, false",
        "11, 110, false",
        "1000, 10000, false",
        // More than both limits.
        "11, 109, true",
        "11, 11, true",
        "1001, 10000, true",
    })
    void areTooManyAboveBothLimits(int gone, long indexed, boolean tooMany) {
        assertThat(departed(gone, indexed, 0.1, 10).isTooMany()).isEqualTo(tooMany);
    }

    @Test
    void nobodyIsNeverTooMany() {
        assertThat(departed(0, 10, 0, 0).isTooMany()).isFalse();
        assertThat(departed(0, 10, 0, 0).isNobody()).isTrue();
        assertThat(departed(1, 10, 0, 0).isTooMany()).isTrue();
        assertThat(departed(1, 10, 0, 0).isNobody()).isFalse();
    }

    @Test
    void areNeverTooManyWithAShareOf100Percent() {
        assertThat(departed(1000, 1000, 1.0, 0).isTooMany()).isFalse();
    }

    @Test
    void showsUpToTwentyIds() {
        assertThat(departed(2, 300, 0.1, 10)).hasToString("2 of 300 people in the index are no longer active: p0, p1");
        assertThat(departed(20, 300, 0.1, 10).toString()).endsWith(", p18, p19");
        assertThat(departed(21, 300, 0.1, 10).toString()).endsWith(", p18, p19, …");
    }

    @Test
    void separatesMadeUpPeopleFromReal() {
        Departed all = new Departed(
                List.of("demo:1", "p1", "demo:2", "demo"), 20, new Settings.Sweep(SweepMode.REMOVE, 0.1, 1));

        assertThat(all.madeUp().ids()).containsExactly("demo:1", "demo:2");
        assertThat(all.real().ids()).containsExactly("p1", "demo");
        assertThat(all.real().indexed()).isEqualTo(18);
        assertThat(all.real().isTooMany()).isTrue();
    }

    private static Departed departed(int gone, long indexed, double maxShare, int maxPeople) {
        List<String> ids = IntStream.range(0, gone).mapToObj(i -> "p" + i).toList();
        return new Departed(ids, indexed, new Settings.Sweep(SweepMode.REMOVE, maxShare, maxPeople));
    }
}
