package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class PlaceholderParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[.patents[] | {a: {b: .x}}]",
                "{a:{b:{c:1}}}",
                "{a:{b:{c:{d:1}}}}",
                "{a:{b:1}}, {c:{d:{e:2}}}",
                "}}",
                "\"}}\"",
                "\"x}}\"",
                "\"x\\\\}}\"",
                "{a: {b: \"{{\"}}",
                ".a?",
                "${body} | {a: {b: 1}}",
                "#{x: {y: 1}}"
            })
    void takesAValueAsItIs(String value) {
        assertThat(parsed("<{{jq}}>", value)).isEqualTo("<" + value + ">");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{other}}|5",
                "{a: {b: {{other}}}}|{a: {b: 5}}",
                "{a: {b: {{none:7}}}}|{a: {b: 7}}",
                "{{none:{{other}}}}|5",
                "{a: {b: 1}}, {{other}}, {{{other}}}|{a: {b: 1}}, 5, {5}"
            })
    void fillsPlaceholdersInAValue(String value, String filled) {
        assertThat(parsed("{{jq}}", value)).isEqualTo(filled);
    }

    @Test
    void refusesAPlaceholderThatIsNotSet() {
        assertThatThrownBy(() -> parsed("{{jq}}", "{a: {b: {{none}}}}")).hasMessageContaining("[none]");
    }

    private static String parsed(String text, String value) {
        MockEnvironment settings = new MockEnvironment();
        CamelContext camel = new DefaultCamelContext();
        PropertiesComponent properties = (PropertiesComponent) camel.getPropertiesComponent();
        PlaceholderParser parser = new PlaceholderParser(settings);
        parser.setPropertiesComponent(properties);
        properties.setPropertiesParser(parser);
        properties.addInitialProperty("jq", value);
        properties.addInitialProperty("other", "5");
        return camel.resolvePropertyPlaceholders(text);
    }
}
