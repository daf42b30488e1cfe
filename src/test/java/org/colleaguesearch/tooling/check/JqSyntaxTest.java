package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Set;
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
    void takesWhatCompilesAndIsThere(String program) {
        assertThat(JqSyntax.wrong(program)).isEmpty();
    }

    @Test
    void findsFunctionsThatAreNotThere() {
        assertThat(JqSyntax.wrong(".a |\n  lenght"))
                .contains(new WrongExpression(2, 3, "there is no function 'lenght'; did you mean 'length'?"));
        assertThat(JqSyntax.wrong("{a: lenght}")).map(WrongExpression::column).contains(5);
        assertThat(JqSyntax.wrong("{a: (1, lenght)}")).isPresent();
        assertThat(JqSyntax.wrong("map(selct(.a))"))
                .map(WrongExpression::text)
                .hasValueSatisfying(text -> assertThat(text).endsWith("did you mean 'select'?"));
        assertThat(JqSyntax.wrong("[.[] | title]")).isPresent();
    }

    /** Each fails when it runs. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                ". as $query | $qury => 15 there is no variable '$qury'; did you mean '$query'?",
                "$ENV.PATH => 1 there is no variable '$ENV'",
                ". as $x | {a: $z} => 15 there is no variable '$z'",
                "{$z} => 2 there is no variable '$z'",
                "{a: 1 as $x | $x, b: $x} => 22 there is no variable '$x'",
                "(. as $x | $x), $x => 17 there is no variable '$x'",
                "limit(1 as $x | $x; $x) => 21 there is no variable '$x'",
                "if . as $x | $x then $x else 1 end => 22 there is no variable '$x'",
                "reduce .[] as $i ($i; . + $i) => 19 there is no variable '$i'",
                "foreach .[] as $i (0; .) | $i => 28 there is no variable '$i'",
                "def f: $x; 1 as $x | f => 8 there is no variable '$x'",
                "def f($a): 1; $a => 15 there is no variable '$a'",
                "\"\\(1 as $x | $x)\\($x)\" => 19 there is no variable '$x'",
                "\"\\(lenght)\" => 4 there is no function 'lenght'; did you mean 'length'?",
                "def f: def g: 1; g; g => 21 there is no function 'g'",
                "$__loc__ => 1 there is no variable '$__loc__'",
                "break $out => 7 there is no label for 'break $out'",
                "import \"a\" as a; 1 => 1 there is nothing to import",
                "@bas64 => 1 there is no format '@bas64'; did you mean '@base64'?",
                ".a | values(1) => 6 'values' takes 0 arguments, parted by semicolons, not 1",
                "map => 1 'map' takes 1 argument, not 0",
                ".a | todate => 6 Camel's jq has no 'todate': do it by other functions, or in a step before",
                "env.PATH => 1 Camel's jq has no 'env': do it",
                "isempty(.a) => 1 Camel's jq has no 'isempty': do it",
                "@base32 => 1 Camel's jq has no '@base32': do it",
                "include \"a\"; lenght => 1 there is nothing to include",
                "def f(a; b): a; f(1) => 17 'f' takes 2 arguments, parted by semicolons, not 1",
            })
    void findsNamesThatStandForNothing(String program, String expected) {
        assertThat(JqSyntax.wrong(program))
                .hasValueSatisfying(
                        wrong -> assertThat(wrong.column() + " " + wrong.text()).startsWith(expected));
    }

    /** Each has names that stand for nothing, and does not end as it begins. */
    @ParameterizedTest
    @ValueSource(strings = {"lenght)", "(lenght", "if lenght", "lenght | def f", ". as", "\"\\(lenght", "lenght end"})
    void saysNothingOfTheNamesOfWhatItDoesNotUnderstand(String program) {
        assertThat(JqNames.firstUnknown(program, Set.of())).isEmpty();
    }

    @Test
    void readsAnyPartOfAProgramToItsEnd() {
        String program = ". as [$a, {\"b\\(\"c\" | f)\": $d}] | def g($h; i): label $j | break $j; import \"k\" as l;"
                + " reduce .[] as $m (0; {n: g(1; $a), $d}) | if @csv then .o[1:2] else \"\\(.p)\" end";
        for (int at = 0; at <= program.length(); at++) {
            String begin = program.substring(0, at);
            String end = program.substring(at);
            assertThatCode(() -> JqNames.firstUnknown(begin, Set.of())).doesNotThrowAnyException();
            assertThatCode(() -> JqNames.firstUnknown(end, Set.of())).doesNotThrowAnyException();
        }
    }

    @Test
    void findsWhatDoesNotCompile() {
        assertThat(JqSyntax.wrong(".a |")).isPresent();
        assertThat(JqSyntax.wrong("[.a")).isPresent();
        assertThat(JqSyntax.wrong("(".repeat(50_000) + "1" + ")".repeat(50_000)))
                .contains(new WrongExpression(1, 1, "it is too deep"));
    }
}
