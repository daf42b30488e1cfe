package org.colleaguesearch.people;

/** The API answered, but the list of people is unusable. */
public class PeopleListException extends RuntimeException {
    public PeopleListException(String message) {
        super(message);
    }
}
