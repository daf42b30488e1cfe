package org.colleaguesearch.settings;

/** Published before each case of a route test: beans with state reset it, so that cases are independent. */
public record TestReset() {}
