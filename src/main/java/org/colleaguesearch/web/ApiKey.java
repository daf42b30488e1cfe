package org.colleaguesearch.web;

import java.util.Set;
import org.colleaguesearch.settings.Settings.Scope;

/** An API key as it is stored: its name, the hash of its secret, and its scopes. */
record ApiKey(String name, KeyHash hash, Set<Scope> scopes) {}
