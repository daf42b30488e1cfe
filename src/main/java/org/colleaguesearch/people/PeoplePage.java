package org.colleaguesearch.people;

import java.util.List;

/**
 * A page of the list of people.
 *
 * @param people the active ones, each once, in the order of the page
 * @param next the URL of the next page, or null after the last one
 */
public record PeoplePage(List<Person> people, String next) {}
