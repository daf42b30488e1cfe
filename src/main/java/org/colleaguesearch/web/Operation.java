package org.colleaguesearch.web;

import java.util.List;
import org.colleaguesearch.settings.Settings.Scope;
import org.springframework.http.MediaType;
import org.springframework.web.util.pattern.PathPattern;

/**
 * An operation of the contract.
 *
 * @param body the schema of its body; null if it takes none
 * @param hasDeclaredFilters whether its body has filters and facets that the indexers declare
 * @param maxBody the maximum size of its body, in bytes; the limit in the settings may be smaller
 * @param answers the media types of its successful responses
 */
record Operation(
        String id,
        Scope scope,
        String method,
        PathPattern path,
        List<Parameter> parameters,
        Schema body,
        boolean hasDeclaredFilters,
        long maxBody,
        List<MediaType> answers) {

    /** Whether the audit log records it: it starts, cancels or fetches something. */
    boolean changesSomething() {
        return scope != Scope.SEARCH && !method.equals("GET");
    }
}
