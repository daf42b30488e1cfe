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
                "+1+cmd|' /C calc'!A0",
                "-2+3+cmd|' /C calc'!A0",
                "+1 202 555 0100 x5",
                "+1:1",
                "-A1",
                "- A1",
                "-0x1F",
                "-1e",
                "-1*2",
                "-\u0661",
                "-1\n",
                "+1 202\n=1",
                "@SUM(A1)",
                "=",
                "@",
                "\t",
                "\t=1",
                "\ttext",
                "\r=1",
                "\n=1+1",
                "\ntext",
                "\n5",
                "\u0000=1+1",
                "\u00005",
                " =1",
                " \t@a",
                " -cmd|x",
                "\u00A0=1",
                "\u2003=1",
                "\u200B=1",
                "\uFEFF=1",
                "\u0001=1",
                "\u001B+a",
                "\uFF1D1+1",
                "\uFF0B1+1",
                "\uFF0D1",
                "\uFF20SUM(A1)",
                " \uFF1D1",
            })
    void putsApostropheBeforeFormula(String text) {
        assertThat(cells.of(text)).isEqualTo("'" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-1", "+1", "-1.5", "+.5", "-1.", "-1.5E-7", "+2e10", "-0", "-3,5", "-12.5 %", " -5", "-1 "})
    void leavesNumbersUnchanged(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1 202 555 0100",
                "+1-202-555-0100",
                "+1 (202) 555-0100",
                "+1.202.555.0100",
                "+12025550100",
                "+1\u00A0202\u202F555 0100",
                "+46 (0)8-123",
                "+49 30/1234",
                "+1 202 555 0100, +46 8 123",
                " +1 202 555 0100",
            })
    void leavesTelephoneNumbersUnchanged(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    /** A spreadsheet may compute another number from it, but runs nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"-", "- ", "--", "+/-5", "-5 - -1", "-1-2", "+1-2", "-.", "+1.2.3"})
    void leavesArithmeticUnchanged(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a=1", "'=1", "1-1", "\u00E4", "\uD83D\uDE00", "\"=1\"", "a\n=1", " a", "\u0001"})
    void leavesOtherTextUnchanged(String text) {
        assertThat(cells.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+a", "-a", "@a", "\ta", "\ra", "\n=1", "\u0000", " =1", "\uFF1D1"})
    void leavesEverythingUnchangedWhenTurnedOff(String text) {
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
