package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.indexing.JsonTypes;

/**
 * The field for which OpenSearch refused a document, as its reason tells in its own words.
 *
 * @param path from the document on, with dots: {@code patents.date}
 * @param expected what the index has there, such as {@code long}, or {@code object}
 */
record RefusedField(String path, String expected) {
    /** Of OpenSearch 3; others are shown as they are. */
    private static final List<Pattern> TYPED = List.of(
            Pattern.compile("failed to parse field \\[(?<path>[^]]+)] of type \\[(?<type>[^]]+)]"),
            Pattern.compile("mapper \\[(?<path>[^]]+)] cannot be changed from type \\[(?<type>[^]]+)] to"));

    private static final Set<String> NUMBERS =
            Set.of("long", "integer", "short", "byte", "unsigned_long", "double", "float");

    private static final Pattern OBJECT = Pattern.compile("object mapping for \\[(?<path>[^]]+)] tried to parse");
    private static final Pattern MERGED_INTO_OBJECT =
            Pattern.compile("can't merge a non object mapping \\[(?<path>[^]]+)] with an object mapping");
    private static final Pattern MERGED_INTO_VALUE =
            Pattern.compile("can't merge an object mapping \\[(?<path>[^]]+)] with a non object mapping");

    /** Empty where the reason names no field. */
    static Optional<RefusedField> in(String reason) {
        for (Pattern typed : TYPED) {
            Matcher matcher = typed.matcher(reason);
            if (matcher.find()) {
                return Optional.of(new RefusedField(matcher.group("path"), matcher.group("type")));
            }
        }
        return found(OBJECT, reason, "object")
                .or(() -> found(MERGED_INTO_OBJECT, reason, ""))
                .or(() -> found(MERGED_INTO_VALUE, reason, ""));
    }

    private static Optional<RefusedField> found(Pattern pattern, String reason, String expected) {
        Matcher matcher = pattern.matcher(reason);
        return matcher.find() ? Optional.of(new RefusedField(matcher.group("path"), expected)) : Optional.empty();
    }

    /** Which field, what it holds, what the index expects, and what to do, in one line. */
    String reason(String indexer, JsonNode section) {
        Set<String> types = new TreeSet<>();
        if (path.startsWith(indexer + ".")) {
            JsonTypes.in(section, path.substring(indexer.length() + 1), types);
        }
        boolean isMixed = types.size() > 1;
        String holds = types.isEmpty() ? "holds a value of another type" : "holds " + String.join(" and ", types);
        String expects = expected.isEmpty()
                ? types.contains(JsonTypes.OBJECT) ? "has plain values there" : "has objects there"
                : "expects the type " + expected.toLowerCase(Locale.ROOT);
        if (isMixed && expected.isEmpty()) {
            expects = "has only one of the two there";
        }
        if (types.equals(Set.of("a number")) && NUMBERS.contains(expected)) {
            holds = "holds a number that is too large";
        }
        return "field '" + path + "' " + holds + ", but the index " + expects
                + ": make all its values one type in 'section' (jq: tostring), or map the field in"
                + " colleagues.opensearch.mapping";
    }
}
