package org.colleaguesearch.settings;

import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Camel's parser of {@code {{…}}}, which also accepts values with braces that are not placeholders, such as the jq
 * expression {@code {a: {b: .c}}}: Camel resolves placeholders within values and would reject its {@code }}}. Stateless,
 * except for what Camel sets at its start.
 */
@Component
public class PlaceholderParser extends SpringPropertiesParser {
    /** Replaces a brace while Camel parses: a noncharacter (Unicode 23.7), which no value contains. */
    private static final char BRACE = '\uFDD0';

    public PlaceholderParser(Environment settings) {
        super(settings);
    }

    @Override
    public String parseProperty(String key, String value, PropertiesLookup properties) {
        return value == null || !value.contains("}}") ? value : hidden(value);
    }

    @Override
    public String parseUri(
            String text,
            PropertiesLookup properties,
            boolean defaultFallbackEnabled,
            boolean keepUnresolvedOptional,
            boolean nestedPlaceholder) {
        String parsed =
                super.parseUri(text, properties, defaultFallbackEnabled, keepUnresolvedOptional, nestedPlaceholder);
        // Camel removes the backslash of \}}, so add one.
        return parsed == null || parsed.indexOf(BRACE) < 0
                ? parsed
                : parsed.replace("\\" + BRACE, "\\\\" + BRACE).replace(BRACE, '}');
    }

    private static String hidden(String value) {
        StringBuilder hidden = new StringBuilder(value);
        int open = 0;
        int i = 0;
        while (i < value.length() - 1) {
            if (value.startsWith("{{", i) && !isQuoted(value, i)) {
                open++;
                i += 2;
            } else if (value.startsWith("}}", i)) {
                if (open > 0) {
                    open--;
                } else {
                    hidden.setCharAt(i, BRACE);
                    hidden.setCharAt(i + 1, BRACE);
                }
                i += 2;
            } else {
                i++;
            }
        }
        return hidden.toString();
    }

    /** Whether the braces alone are in quotes, which makes them literal to Camel. */
    private static boolean isQuoted(String value, int at) {
        return at > 0
                && at + 2 < value.length()
                && (value.charAt(at - 1) == '"' || value.charAt(at - 1) == '\'')
                && value.charAt(at + 2) == value.charAt(at - 1);
    }
}
