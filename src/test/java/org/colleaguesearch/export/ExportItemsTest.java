package org.colleaguesearch.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportItemsTest {
    private final ExportItems items = new ExportItems();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | []",
                "[{\"a\":1},{\"b\":2}] | [{\"a\":1},{\"b\":2}]",
                // A section of the people API.
                "{\"id\":\"1\",\"patents\":[{\"a\":1},{}]} | [{\"a\":1},{}]",
                "{\"id\":\"1\",\"patents\":[]} | []",
                "{\"patents\":[{\"a\":1}],\"tags\":[\"x\"]} | [{\"a\":1}]",
                "{\"patents\":[{\"a\":1}],\"tags\":[]} | [{\"a\":1}]",
                // A single object.
                "{} | [{}]",
                "{\"a\":1} | [{\"a\":1}]",
                "{\"tags\":[\"x\"]} | [{\"tags\":[\"x\"]}]",
                "{\"a\":[{}],\"b\":[{}]} | [{\"a\":[{}],\"b\":[{}]}]",
                "{\"a\":[],\"b\":[]} | [{\"a\":[],\"b\":[]}]",
                "{\"a\":[{},1]} | [{\"a\":[{},1]}]",
                "{\"inner\":{\"a\":[{}]}} | [{\"inner\":{\"a\":[{}]}}]"
            })
    void findsItemsOfResponse(String answer, String expected) throws IOException {
        assertThat(items.of(json(answer))).isEqualTo(json(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"x\"", "null", "true", "[1]", "[{},null]", "[[{}]]"})
    void refusesResponseWithoutItems(String answer) throws IOException {
        JsonNode tree = json(answer);

        assertThatThrownBy(() -> items.of(tree))
                .isInstanceOf(ExportItems.NoItems.class)
                .hasMessage("the response is neither an object nor a list of objects");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }
}
