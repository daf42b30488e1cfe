package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Settings;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Reads pages of the list of people from responses of any shape, with the jq expressions of {@code colleagues.people}.
 * Immutable; safe for any thread.
 */
@Component("peoplePages")
public final class PeoplePages {
    private static final int MOST_KEYS = 10;

    private final Settings.People settings;

    @Autowired
    PeoplePages(Settings settings) {
        this(settings.people());
    }

    public PeoplePages(Settings.People settings) {
        this.settings = settings;
    }

    /**
     * Reads a response. People who are not active are left out.
     *
     * @throws PeopleListException when it has another shape; the message says what came and what was expected
     */
    public PeoplePage read(JsonNode response) {
        JsonNode items = items(response);
        if (!items.isArray()) {
            throw new PeopleListException(
                    "invalid page of the people list: colleagues.people.items, " + settings.items() + ", is "
                            + shown(items) + "; expected a list. The response is " + shown(response));
        }
        Map<String, Person> people = new LinkedHashMap<>();
        for (JsonNode item : items) {
            String id = id(apply("id", settings.id(), item), item);
            if (!apply("active", settings.active(), item).equals(BooleanNode.FALSE)) {
                people.putIfAbsent(id, new Person(id, name(apply("name", settings.name(), item))));
            }
        }
        return new PeoplePage(List.copyOf(people.values()), next(apply("next", settings.next(), response)));
    }

    /** {@code .people} and {@code .people[]} are the same list. */
    private JsonNode items(JsonNode response) {
        try {
            ArrayNode results = settings.items().results(response);
            boolean isStream = settings.items().toString().strip().endsWith("[]");
            return results.size() == 1 && !isStream ? results.get(0) : results;
        } catch (JsonQueryException e) {
            throw notApplicable("items", settings.items(), response);
        }
    }

    private static JsonNode apply(String key, Jq expression, JsonNode value) {
        try {
            return expression.apply(value);
        } catch (JsonQueryException e) {
            throw notApplicable(key, expression, value);
        }
    }

    /** Without the cause, whose message quotes the response. */
    private static PeopleListException notApplicable(String key, Jq expression, JsonNode value) {
        return new PeopleListException("invalid page of the people list: cannot apply colleagues.people." + key + ", "
                + expression + ", to " + shown(value));
    }

    private String id(JsonNode id, JsonNode item) {
        if (id.isIntegralNumber()) {
            return id.asText();
        }
        if (!id.isTextual() || id.textValue().isEmpty()) {
            throw new PeopleListException("invalid item in the people list: colleagues.people.id, " + settings.id()
                    + ", is " + shown(id) + "; expected a text or a whole number. The item is " + shown(item));
        }
        if (!isText(id.textValue())) {
            throw new PeopleListException(
                    "invalid item in the people list: the id contains a NUL or an unpaired surrogate");
        }
        return id.textValue();
    }

    private static String name(JsonNode name) {
        String text = name.isValueNode() && !name.isNull() ? name.asText() : "";
        return isText(text) ? text : "";
    }

    private String next(JsonNode next) {
        // An expression without a result gives an empty list.
        if (next.isNull() || (next.isArray() && next.isEmpty())) {
            return null;
        }
        if (!next.isTextual()) {
            throw new PeopleListException("invalid page of the people list: colleagues.people.next, " + settings.next()
                    + ", is " + shown(next) + "; expected a URL, or null on the last page");
        }
        return next.textValue().isEmpty() ? null : next.textValue();
    }

    /** What a value is, without personal data. */
    private static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> value.isEmpty() ? "an empty object" : "an object with " + keys(value);
            case ARRAY -> value.isEmpty() ? "an empty list" : "a list";
            case STRING -> value.textValue().isEmpty() ? "an empty text" : "a text";
            case NULL, MISSING -> "null";
            case BOOLEAN -> value.asText();
            default -> "a number";
        };
    }

    private static String keys(JsonNode value) {
        return StreamSupport.stream(((Iterable<String>) value::fieldNames).spliterator(), false)
                .limit(MOST_KEYS)
                .map(key -> "'" + key + "'")
                .collect(Collectors.joining(", "));
    }

    /** Whether a value can be the id of a person. */
    public static boolean isId(JsonNode id) {
        return id.isTextual() && !id.textValue().isEmpty() && isText(id.textValue());
    }

    /** Whether databases and URLs can hold a text. */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
