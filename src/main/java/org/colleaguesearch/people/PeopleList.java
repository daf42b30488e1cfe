package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
     * Adds a {@link PeoplePage}. Someone who is listed already is not added again: pages shift while people join. When
     * the database fails, the page can be added again.
     *
     * @return the URL of the next page, or null after the last one
     * @throws PeopleListException when the page has another shape, leads back to a page already read, or is one of too
     *     many with nobody new
     */
    public String add(JsonNode page) {
        PeoplePage read = PeoplePage.of(page);
        List<Person> people = new ArrayList<>(read.people());
        Set<String> known = table.known(batchId, people.stream().map(Person::id).toList(), size);
        people.removeIf(person -> known.contains(person.id()));
        table.add(batchId, size, people);
        grow(people.size());
        return next(read.next(), people.isEmpty());
    }

    private void grow(int people) {
        size = Math.addExact(size, people);
    }

    private String next(String next, boolean isIdle) {
        if (next == null) {
            return null;
        }
        if (!pages.add(next)) {
            throw new PeopleListException("the people list leads in a circle: page " + next + " came twice");
        }
        idle = isIdle ? idle + 1 : 0;
        if (idle == IDLE_PAGES) {
            throw new PeopleListException("the people list does not advance: " + IDLE_PAGES
                    + " pages in a row have nobody new, the last one leads to " + next);
        }
        return next;
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
