package org.colleaguesearch.web;

import java.util.Set;
import org.colleaguesearch.settings.Settings.Scope;

/** A stored API key: its name, the hash of its secret, and its scopes. */
record ApiKey(String name, KeyHash hash, Set<Scope> scopes) {}
