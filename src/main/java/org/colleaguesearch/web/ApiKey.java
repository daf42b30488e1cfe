package org.colleaguesearch.web;

import java.util.Set;
import org.colleaguesearch.settings.Settings.Scope;

/** A key of the API as it is kept: whose it is, how it is known again, and what it may do. */
record ApiKey(String name, KeyHash hash, Set<Scope> scopes) {}
