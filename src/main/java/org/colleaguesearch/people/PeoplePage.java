package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page of the people API, {@code {"items":[{"id","name"}],"next":url|null}}.
 *
 * @param people each once, in the order of the page
 * @param next the URL of the next page, or null after the last one
 */
public record PeoplePage(List<Person> people, String next) {
    /**
     * Parses a response.
     *
     * @throws PeopleListException when it is malformed
     */
    public static PeoplePage of(JsonNode page) {
        JsonNode items = page.path("items");
        if (!items.isArray()) {
            throw new PeopleListException("invalid page of the people list: no array 'items'");
        }
        Map<String, Person> people = new LinkedHashMap<>();
        for (JsonNode item : items) {
            Person person = person(item);
            people.putIfAbsent(person.id(), person);
        }
        JsonNode next = page.path("next");
        return new PeoplePage(
                List.copyOf(people.values()), next.isNull() || next.isMissingNode() ? null : next.asText());
    }

    private static Person person(JsonNode item) {
        JsonNode id = item.path("id");
        if (!id.isTextual() || id.textValue().isEmpty()) {
            throw new PeopleListException("invalid item in the people list: 'id' must be a non-empty string");
        }
        if (!isText(id.textValue())) {
            throw new PeopleListException(
                    "invalid item in the people list: 'id' contains a NUL or an unpaired surrogate");
        }
        String name = item.path("name").asText("");
        return new Person(id.textValue(), isText(name) ? name : "");
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
