package org.colleaguesearch.indexing;

import java.io.Serializable;
import org.colleaguesearch.people.Person;

/** One URL to fetch for one person. It is absolute and contains no secret. */
public record Call(Person person, String url) implements Serializable {}
