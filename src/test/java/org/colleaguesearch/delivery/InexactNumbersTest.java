package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InexactNumbersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-1",
                "9223372036854775807",
                "123456789012345678901234567890",
                "0.0",
                "0.00",
                "-0.0",
                "1.50",
                "0.1",
                "1e2",
                "1E+300",
                "1e-300",
                "52.370216",
                "0.30000000000000004",
                "0.10000000000000001",
                "1.7976931348623157E308",
                "4.9E-324",
                "0.5000000000000000000000000"
            })
    void acceptsExactNumbers(String number) {
        assertThat(InexactNumbers.in("patents", Outcomes.json("[{\"n\":" + number + "}]")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1E+400",
                "-1E+400",
                "1E-400",
                "0.12345678901234567890123",
                "100000000000000000001.5",
                "1E+999999999"
            })
    void reportsInexactNumbers(String number) {
        assertThat(InexactNumbers.in("patents", Outcomes.json("[{},{\"a\":{\"n\":[1.5," + number + "]}}]")))
                .hasValue("field 'patents.a.n' holds a number that the index cannot store exactly, " + number
                        + ": convert it to a string in 'section' (jq: tostring)");
    }
}
