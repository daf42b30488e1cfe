package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is suggested, of a few people on a real OpenSearch. */
class AutosuggestIT {
    private static final SearchedIndex INDEX = new SearchedIndex("it-suggest");

    @RegisterExtension
    static final RouteApplication APPLICATION = INDEX.application();

    @BeforeAll
    static void fill() {
        INDEX.fill(Stream.of("""
                {"id":"ada","name":"Ada Lindqvist","active":true,
                 "patents":[{"number":"1","title":"Method of training a neural network"},
                            {"number":"2","title":"Neural networks and an apparatus therefor"}],
                 "functions":[{"title":"Computing based on models"},{"title":"Optics"}],
                 "memberships":[{"organization":"Nordlys Cell Works","patents":2}],
                 "geography":[{"city":"Zürich"},{"city":"Zug"}]}""", """
                {"id":"adam","name":"Adam Berg","active":true,
                 "patents":[{"number":"3","title":"Neural network optics"}],
                 "functions":[{"title":"Optics"}],
                 "memberships":[{"organization":"Nordlys Cell Works","patents":3},{"organization":"Ocelli","patents":4}],
                 "geography":[{"city":"Zürich"},{"city":"Zürich"}]}""", """
                {"id":"bob","name":"Bob Ångström-Adams","active":true,
                 "patents":[{"number":"4","title":"Lithium battery charger 3000"}],
                 "functions":[{"title":"Games"}],"geography":[{"city":"Santa Clara"}]}""", """
                {"id":"eve","name":"Eve","active":true}""").map(Sample::json).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The whole word, then the one with the most patents.
                "people | ada | Ada Lindqvist, Adam Berg, Bob Ångström-Adams",
                "people | AD | Adam Berg, Ada Lindqvist, Bob Ångström-Adams",
                "people | angs | Bob Ångström-Adams",
                "people | berg ad | Adam Berg",
                "people | Lindk | Ada Lindqvist",
                "people | lidnqvist | Ada Lindqvist",
                "functions | opt | Optics (2)",
                "functions | opitcs | Optics (2)",
                "functions | models comp | Computing based on models (1)",
                "organizations | cell | Nordlys Cell Works (2)",
                "organizations | o | Ocelli (1)",
                // Twice the same city is one person.
                "cities | z | Zürich (2), Zug (1)",
                "cities | zuri | Zürich (2)",
                "cities | Zürich | Zürich (2)",
                "cities | zurick | Zürich (2)",
                "cities | clara | Santa Clara (1)",
                "cities | san cl | Santa Clara (1)",
                "topics | neur | neural (2), neural network (2), neural network optics (1)",
                "topics | nuer | neural (2), neural network (2), neural network optics (1)",
                "topics | network o | network optics (1)",
                "topics | network n | ''",
                "topics | lithium ba | lithium battery (1), lithium battery charger (1)",
                "topics | lithuim bater | lithium battery (1), lithium battery charger (1)",
                "topics | meth | ''",
                "topics | 3000 | ''",
            })
    void suggests(String group, String typed, String values) {
        assertThat(shown(INDEX.suggest(typed).get(group))).isEqualTo(values);
    }

    @Test
    void suggestsOfEachGroupAtOnce() {
        JsonNode suggestions = INDEX.suggest("o");

        assertThat(shown(suggestions.get("functions"))).isEqualTo("Optics (2), Computing based on models (1)");
        assertThat(shown(suggestions.get("organizations"))).isEqualTo("Ocelli (1)");
        assertThat(shown(suggestions.get("topics"))).isEqualTo("optics (1)");
        assertThat(suggestions.get("people")).isEmpty();
        assertThat(suggestions.get("cities")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "?!"})
    void suggestsTheMostFrequentWhenNothingIsTyped(String typed) {
        JsonNode suggestions = INDEX.suggest(typed);

        assertThat(shown(suggestions.get("people"))).isEqualTo("Adam Berg, Ada Lindqvist, Bob Ångström-Adams, Eve");
        assertThat(shown(suggestions.get("functions")))
                .isEqualTo("Optics (2), Computing based on models (1), Games (1)");
        assertThat(shown(suggestions.get("organizations"))).isEqualTo("Nordlys Cell Works (2), Ocelli (1)");
        assertThat(shown(suggestions.get("cities"))).isEqualTo("Zürich (2), Santa Clara (1), Zug (1)");
        assertThat(shown(suggestions.get("topics"))).startsWith("neural network (2), ");
        assertThat(suggestions.get("topics")).hasSize(5);
        assertThat(suggestions.at("/people/0")).isEqualTo(Sample.json("{\"value\":\"Adam Berg\",\"id\":\"adam\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qqqqqq",
                ".*",
                "a|b&c~d#e@f<1-9>\"g\"",
                "[^a](b){2,}+?$",
                "\\",
                "\u0000\u202e\ufeff",
                "عربي",
                "שלום עולם",
                "👩‍👩‍👧",
                "ｚｕｅｒｉｃｈ",
                "ßßßß éééé",
                "a b c d e f g h i j k l m n o p q r s t u v w x y z"
            })
    void oddTextFailsNothing(String typed) {
        assertThat(INDEX.suggest(typed).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("people", "functions", "organizations", "cities", "topics");
    }

    @Test
    void longTextFailsNothing() {
        for (String typed : List.of("x".repeat(200), "中".repeat(200), "abcdefghijkl ".repeat(15), "é ".repeat(100))) {
            assertThat(INDEX.suggest(typed).get("people").isArray()).isTrue();
        }
    }

    /** As people would read it: {@code Zürich (2), Zug (1)}. */
    private static String shown(JsonNode values) {
        return String.join(
                ", ",
                StreamSupport.stream(values.spliterator(), false)
                        .map(value -> value.get("value").textValue()
                                + (value.has("count") ? " (" + value.get("count") + ")" : ""))
                        .toList());
    }
}
