package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvCellsTest {
    private final CsvCells cells = new CsvCells(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "=cmd|' /C calc'!A0",
                "+49 30 1234",
                "-",
                "--1",
                "-1-1",
                "-0x1F",
                "-.",
                "+1.2.3",
                "-1e",
                "-1 ",
                "-١",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "=",
                "-1\n",
            })
    void putsApostropheBeforeFormula(String text) {
        assertThat(cells.of(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "+1", "-1.5", "+.5", "-1.", "-1.5E-7", "+2e10", "-0"})
    void leavesNumbersAsTheyAre(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=1", " =1", "'=1", "1-1", "ä", "😀", "\n=1", "\u0000=1", "\"=1\""})
    void leavesOtherTextAsItIs(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+a", "-a", "@a", "\ta", "\ra"})
    void leavesEverythingAsItIsWhenTurnedOff(String text) {
        assertThat(new CsvCells(false).of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"text\"          | text",
                "\"=1+1\"          | '=1+1",
                "7                 | 7",
                "-7                | -7",
                "1.50              | 1.5",
                "-1e-9             | -1.0E-9",
                "12345678901234567890 | 12345678901234567890",
                "true              | true",
                "[]                | []",
                "[\"a\",{\"b\":1}] | [\"a\",{\"b\":1}]",
                "{\"b\":null}      | {\"b\":null}",
            })
    void writesJson(String json, String cell) {
        assertThat(cells.of(json(json))).isEqualTo(cell);
    }

    @Test
    void writesNothingForNull() {
        assertThat(cells.of(json("null"))).isEmpty();
        assertThat(cells.of((JsonNode) null)).isEmpty();
        assertThat(cells.of(MissingNode.getInstance())).isEmpty();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
