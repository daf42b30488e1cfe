package org.colleaguesearch.people;

/** The people API answered, but not with a usable list of people. */
public class PeopleListException extends RuntimeException {
    public PeopleListException(String message) {
        super(message);
    }
}
