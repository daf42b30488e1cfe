package org.colleaguesearch.settings;

/**
 * Published before each case of a route's test: whoever remembers what happened while the application runs is to forget
 * it, so that no case knows of another.
 */
public record TestReset() {}
