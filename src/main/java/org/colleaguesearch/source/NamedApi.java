package org.colleaguesearch.source;

import org.colleaguesearch.settings.Settings;

/** An API with its settings and its URLs. Immutable. */
record NamedApi(String name, Settings.Api settings, ApiUrls urls) {
    /** How messages name a host of it: the default API has no name of its own. */
    String at(String host) {
        return (name.equals(Settings.DEFAULT_API) ? "the API at " : "the API " + name + " at ") + host;
    }
}
