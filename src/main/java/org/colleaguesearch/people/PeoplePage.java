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
     * Reads an answer.
     *
     * @throws PeopleListException when it has another shape
     */
    public static PeoplePage of(JsonNode page) {
        JsonNode items = page.path("items");
        if (!items.isArray()) {
            throw new PeopleListException("a page of the people list has no array 'items'");
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
            throw new PeopleListException("an item of the people list has no text 'id'");
        }
        if (!isText(id.textValue())) {
            throw new PeopleListException(
                    "an item of the people list has an 'id' that is no text: it holds a NUL or" + " half a character");
        }
        String name = item.path("name").asText("");
        return new Person(id.textValue(), isText(name) ? name : "");
    }

    /** Whether it can be the id of a person. */
    public static boolean isId(JsonNode id) {
        return id.isTextual() && !id.textValue().isEmpty() && isText(id.textValue());
    }

    /** Whether a database can hold it, and a URL. */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
