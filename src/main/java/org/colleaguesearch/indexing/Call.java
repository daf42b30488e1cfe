package org.colleaguesearch.indexing;

import java.io.Serializable;
import org.colleaguesearch.people.Person;

/** One URL to be fetched for one person. The URL is absolute and holds no secret. */
public record Call(Person person, String url) implements Serializable {}
