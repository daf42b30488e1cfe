package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The active people of one batch, in the ledger's database, so that a list of any length takes no heap and survives a
 * crash.
 *
 * <p>Written by the one thread that lists the people; only then read, by any number of threads. Its size may be asked
 * for at any time.
 */
public final class PeopleList {
    /** Pages in a row that list nobody new: a list that goes on so does not advance. */
    private static final int IDLE_PAGES = 100;

    private final PeopleTable table;
    private final String batchId;
    /** Only the listing thread touches these two. */
    private final Set<String> pages = new HashSet<>();

    private int idle;
    private volatile int size;

    PeopleList(PeopleTable table, String batchId, int size) {
        this.table = table;
        this.batchId = batchId;
        this.size = size;
    }

    /**
     * Adds a page of the people API, {@code {"items":[{"id","name"}],"next":url|null}}. Someone who is listed already
     * is not added again: pages shift while people join.
     *
     * @return the URL of the next page, or null after the last one
     * @throws PeopleListException when the page has another shape, leads back to a page already read, or is one of too
     *     many with nobody new
     */
    public String add(JsonNode page) {
        JsonNode items = page.path("items");
        if (!items.isArray()) {
            throw new PeopleListException("a page of the people list has no array 'items'");
        }
        Map<String, Person> people = new LinkedHashMap<>();
        for (JsonNode item : items) {
            Person person = person(item);
            people.putIfAbsent(person.id(), person);
        }
        people.keySet().removeAll(table.known(batchId, people.keySet()));
        table.add(batchId, size, new ArrayList<>(people.values()));
        grow(people.size());
        return next(page.path("next"), people.isEmpty());
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

    /** Whether a database can hold it, and a URL. */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private void grow(int people) {
        size = Math.addExact(size, people);
    }

    private String next(JsonNode next, boolean isIdle) {
        if (next.isNull() || next.isMissingNode()) {
            return null;
        }
        if (!pages.add(next.asText())) {
            throw new PeopleListException("the people list leads in a circle: page " + next.asText() + " came twice");
        }
        idle = isIdle ? idle + 1 : 0;
        if (idle == IDLE_PAGES) {
            throw new PeopleListException("the people list does not advance: " + IDLE_PAGES
                    + " pages in a row have nobody new, the last one leads to " + next.asText());
        }
        return next.asText();
    }

    /** The number of different people so far. */
    public int size() {
        return size;
    }

    /**
     * Some of its people, in order.
     *
     * @param first the position of the first one, from 0
     * @param count how many, fewer at the end of the list
     */
    public List<Person> read(int first, int count) {
        return table.read(batchId, first, count);
    }

    /** Empties it, to list the people anew. */
    public void clear() {
        table.delete(batchId);
        pages.clear();
        idle = 0;
        size = 0;
    }
}
