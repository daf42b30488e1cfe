package org.colleaguesearch.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.colleaguesearch.check.JqSyntax.Wrong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
                "label $out | foreach .[] as $x (0; . + $x; if . > 3 then ., break $out else . end)",
            })
    void takesWhatCompilesAndIsThere(String program) {
        assertThat(JqSyntax.wrong(program)).isEmpty();
    }

    @Test
    void findsFunctionsThatAreNotThere() {
        assertThat(JqSyntax.wrong(".a |\n  lenght"))
                .contains(new Wrong(2, 3, "there is no function 'lenght'; did you mean 'length'?"));
        assertThat(JqSyntax.wrong("{a: lenght}")).map(Wrong::column).contains(5);
        assertThat(JqSyntax.wrong("{a: (1, lenght)}")).isPresent();
        assertThat(JqSyntax.wrong("map(selct(.a))"))
                .map(Wrong::text)
                .hasValueSatisfying(text -> assertThat(text).endsWith("did you mean 'select'?"));
        assertThat(JqSyntax.wrong("[.[] | title]")).isPresent();
    }

    @Test
    void findsWhatDoesNotCompile() {
        assertThat(JqSyntax.wrong(".a |")).isPresent();
        assertThat(JqSyntax.wrong("[.a")).isPresent();
        assertThat(JqSyntax.wrong("(".repeat(50_000) + "1" + ")".repeat(50_000)))
                .contains(new Wrong(1, 1, "it is too deep"));
    }
}
