package org.colleaguesearch.people;

import java.io.Serializable;

/** A colleague, as the people API lists them. {@code id} is unique, any text; {@code name} need not be unique. */
public record Person(String id, String name) implements Serializable {}
