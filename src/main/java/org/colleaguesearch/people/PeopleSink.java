package org.colleaguesearch.people;

import java.util.List;

/** Receives the list of active people, part by part. One thread at a time adds to it. */
public interface PeopleSink {
    /**
     * Adds people.
     *
     * @return whether it wants more
     * @throws RuntimeException when the listing must end
     */
    boolean add(List<Person> people);
}
