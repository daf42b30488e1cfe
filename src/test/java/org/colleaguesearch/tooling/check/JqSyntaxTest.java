package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JqSyntaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                ".length",
                ".a.lenght[]?.lenght | length",
                "[.results[] | {title, year, venue: .venue.name}]",
                "{lenght: 1, lenght, \"lenght\": 2, (\"a\" + \"b\"): length}",
                ". as {lenght: $lenght} | $lenght",
                "def lenght: length; lenght",
                "def twice(lenght): lenght, lenght; twice(1)",
                "\"lenght \\(\"lenght\" | length) lenght\" # lenght",
                "reduce .[] as $item (0; . + $item) | if . > 1e3 then true elif . == null then false else not end",
                "header(\"q\") // \"\" | ascii_downcase | test(\"[a-z]\"; \"g\")",
                "try error(\"x\") catch empty",
                "[limit(3; .[])] | map(select(. != null)) | to_entries | from_entries | @base64",
                ". as [$a, {b: $c, $d, (\"e\", \"f\"): $g}] | $a, $c, $d, $g",
                ". as {\"a\\(1)\": $v, \"b\\(1 as $x | $x)\": [$w]} | $v, $w",
                ". as $a | def f(g; $h): $a, g, $h; def k: f(1; 2) | k; f(k; length)",
                "reduce .[] as [$i, $j] (0; . + $i + $j) | foreach .[] as $i (0; . + $i; [$i, .])",
                "{a: 1 as $x | $x, b: (2 as $y | {$y, z: $y, and: [$y, $y]})}",
                "if 1 as $x | $x then 2 elif . as [$y] | $y then 3 else . as $z | $z end",
                "1 as $x | \"a\\(. as $y | \"\\($x)\\($y)\") \\\"$z\\(\" | \") )\" # $z",
                "limit(2; . as $x | $x), .[1:2], (try error catch .), @base64 \"\\(.)\", @json",
                "label $out | foreach .[] as $x (0; . + $x; if . > 3 then ., break $out else . end)",
            })
    void acceptsValidPrograms(String program) {
        assertThat(JqSyntax.wrong(program)).isEmpty();
    }

    @Test
    void findsUnknownFunctions() {
        assertThat(JqSyntax.wrong(".a |\n  lenght"))
                .contains(new WrongExpression(2, 3, "unknown function 'lenght'; did you mean 'length'?"));
        assertThat(JqSyntax.wrong("{a: lenght}")).map(WrongExpression::column).contains(5);
        assertThat(JqSyntax.wrong("{a: (1, lenght)}")).isPresent();
        assertThat(JqSyntax.wrong("map(selct(.a))"))
                .map(WrongExpression::text)
                .hasValueSatisfying(text -> assertThat(text).endsWith("did you mean 'select'?"));
        assertThat(JqSyntax.wrong("[.[] | title]")).isPresent();
    }

    /** Each compiles, and fails only when it runs. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                ". as $query | $qury => 15 unknown variable '$qury'; did you mean '$query'?",
                "$ENV.PATH => 1 unknown variable '$ENV'",
                "{$z} => 2 unknown variable '$z'",
                "\"\\(lenght)\" => 4 unknown function 'lenght'; did you mean 'length'?",
                "break $out => 1 no label for 'break $out'",
                "import \"a\" as a; 1 => 1 import and include are not supported",
                "include \"a\"; 1 => 1 import and include are not supported",
                "@bas64 => 1 unknown function '@bas64'; did you mean '@base64'?",
                ".a | values(1) => 6 wrong number of arguments to 'values': expected 0",
                "map => 1 wrong number of arguments to 'map': expected 1",
                ".a | todate => 6 unknown function 'todate'",
                "def f(a; b): a; f(1) => 5 wrong number of arguments to 'f': expected 2",
            })
    void findsUnknownNames(String program, String expected) {
        assertThat(JqSyntax.wrong(program))
                .hasValueSatisfying(
                        wrong -> assertThat(wrong.column() + " " + wrong.text()).startsWith(expected));
    }

    @Test
    void findsSyntaxErrors() {
        assertThat(JqSyntax.wrong(".a |")).isPresent();
        assertThat(JqSyntax.wrong("[.a")).isPresent();
        assertThat(JqSyntax.wrong("(".repeat(50_000) + "1" + ")".repeat(50_000)))
                .contains(new WrongExpression(1, 1, "the program is nested too deeply"));
    }
}
