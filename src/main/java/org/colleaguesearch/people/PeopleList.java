package org.colleaguesearch.people;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The active people of one batch. Kept in the ledger's database, so that a list of any length takes no heap and
 * survives a crash.
 *
 * <p>Written by the one thread that lists the people, and read by any number of threads after that. Any thread may ask
 * for the size at any time.
 */
public final class PeopleList {
    /** After this many consecutive pages without new people, the listing counts as stuck. */
    private static final int IDLE_PAGES = 100;

    private final PeopleTable table;
    private final String batchId;
    /** Like {@code size} while it grows, only used by the listing thread. */
    private int idle;

    private volatile int size;

    PeopleList(PeopleTable table, String batchId, int size) {
        this.table = table;
        this.batchId = batchId;
        this.size = size;
    }

    /**
     * Adds a page. People already in the list are skipped, because pages shift while people join. After a
     * database failure, the page can be added again.
     *
     * @throws PeopleListException when too many pages in a row have no new people
     */
    public void add(List<Person> page) {
        List<Person> people = new ArrayList<>(page);
        Set<String> known = table.known(batchId, people.stream().map(Person::id).toList(), size);
        people.removeIf(person -> known.contains(person.id()));
        table.add(batchId, size, people);
        size = Math.addExact(size, people.size());
        // A page may have only people who have left.
        if (!page.isEmpty()) {
            idle = people.isEmpty() ? idle + 1 : 0;
        }
        if (idle == IDLE_PAGES) {
            throw new PeopleListException(
                    "the people list does not advance: " + IDLE_PAGES + " pages in a row have no new people");
        }
    }

    /** The number of people so far, without duplicates. */
    public int size() {
        return size;
    }

    /**
     * Returns some of the people, in order.
     *
     * @param first the position of the first one, from 0
     * @param count the most to return
     */
    public List<Person> read(int first, int count) {
        return table.read(batchId, first, count);
    }

    /** Empties the list, to start the listing over. */
    public void clear() {
        table.delete(batchId);
        idle = 0;
        size = 0;
    }
}
