package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({"'24 80\n', 80", "50 200, 200", "24 10, 40", "24 9999, 400", "0 0, 120", "'', 120", "stty: no, 120"})
    void isThatOfTheTerminalWithinReason(String size, int columns) {
        assertThat(Terminal.of(size)).isEqualTo(columns);
    }
}
