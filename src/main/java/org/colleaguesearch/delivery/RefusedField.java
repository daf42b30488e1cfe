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
 * The field for which OpenSearch refused a document, parsed from its reason.
 *
 * @param path from the root of the document: {@code patents.date}
 * @param expected the type in the index, such as {@code long} or {@code object}; empty if the reason does not name it
 */
record RefusedField(String path, String expected) {
    /** Messages of OpenSearch 3. Other reasons are shown unchanged. */
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

    /** The field that a reason names; empty if it names none. */
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

    /** One line: the field, its values, the type that the index expects, and the remedy. */
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
                + ": convert all its values to one type in 'section' (jq: tostring), or map the field in"
                + " colleagues.opensearch.mapping";
    }
}
