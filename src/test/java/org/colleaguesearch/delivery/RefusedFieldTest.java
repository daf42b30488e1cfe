package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With messages of OpenSearch 3.6. */
class RefusedFieldTest {
    private static final String REMEDY =
            ": convert all its values to one type in 'section' (jq: tostring), or map the field"
                    + " in colleagues.opensearch.mapping";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            failed to parse field [patents.since] of type [long] in document with id 'x'. Preview of field's value: '[1]' | a text, but the index expects the type long
            mapper [patents.since] cannot be changed from type [long] to [text] | a text, but the index expects the type long
            object mapping for [patents.since] tried to parse field [since] as object, but found a concrete value | a text, but the index expects the type object
            can't merge a non object mapping [patents.since] with an object mapping | a text, but the index has objects there
            """)
    void namesTheFieldItsValuesAndTheRemedy(String reason, String says) {
        assertThat(reason("mapper_parsing_exception: " + reason, "[{\"since\":\"2018-01\"}]"))
                .isEqualTo("field 'patents.since' holds " + says + REMEDY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"since":{"y":1}}]             | an object
            [{"since":true},{}]             | true or false
            [{"since":null},{"since":[1]}]  | a number
            [{"since":1},{"since":"2018"}]  | a number and a text
            [{"until":1}]                   | a value of another type
            """)
    void namesTheTypesInTheSection(String section, String types) {
        assertThat(reason("failed to parse field [patents.since] of type [date] in", section))
                .startsWith("field 'patents.since' holds " + types + ", but the index expects the type date:");
    }

    @Test
    void reportsANumberThatIsTooLarge() {
        assertThat(reason("failed to parse field [patents.n] of type [long] in", "[{\"n\":12345678901234567890}]"))
                .startsWith("field 'patents.n' holds a number that is too large, but the index expects the type long:");
    }

    @Test
    void findsFieldsDeepInTheSection() {
        assertThat(reason(
                        "failed to parse field [patents.a.b] of type [long] in",
                        "[{\"a\":[{\"b\":1},{\"b\":\"x\"}],\"b\":true}]"))
                .startsWith("field 'patents.a.b' holds a number and a text,");
        assertThat(reason("failed to parse field [patents.a.b] of type [long] in", "[{\"a.b\":\"x\"}]"))
                .startsWith("field 'patents.a.b' holds a text,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rejected_execution_exception: too much", "failed to parse", "[a] of type [b]"})
    void otherReasonsNameNoField(String reason) {
        assertThat(RefusedField.in(reason)).isEmpty();
    }

    private static String reason(String reason, String section) {
        return RefusedField.in(reason).orElseThrow().reason("patents", Outcomes.json(section));
    }
}
