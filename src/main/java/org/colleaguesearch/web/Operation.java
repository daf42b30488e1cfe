package org.colleaguesearch.web;

import java.util.List;
import org.colleaguesearch.settings.Settings.Scope;
import org.springframework.http.MediaType;
import org.springframework.web.util.pattern.PathPattern;

/**
 * An operation of the contract.
 *
 * @param body the schema of its body; null if it takes none
 * @param maxBody the largest body that it reads, in bytes; that of the settings may be smaller
 * @param answers the media types of its good answers
 */
record Operation(
        String id,
        Scope scope,
        String method,
        PathPattern path,
        List<Parameter> parameters,
        Schema body,
        long maxBody,
        List<MediaType> answers) {

    /** Whether it starts, ends or fetches something, so that the audit log names who asked for it. */
    boolean changesSomething() {
        return scope != Scope.SEARCH && !method.equals("GET");
    }
}
