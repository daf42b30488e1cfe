package org.colleaguesearch.web;

import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Settings.Scope;
import org.springframework.http.MediaType;

/**
 * An operation of the contract.
 *
 * @param path the segments of its path, a parameter as <code>{name}</code>
 * @param body the schema of its body; null if it takes none
 * @param maxBody the largest body that it reads, in bytes; that of the settings may be smaller
 * @param answers what its good answers can be
 */
record Operation(
        String id,
        Scope scope,
        String method,
        List<String> path,
        List<Parameter> parameters,
        Schema body,
        long maxBody,
        List<MediaType> answers) {

    Stream<Parameter> parameters(String in) {
        return parameters.stream().filter(parameter -> parameter.in().equals(in));
    }

    /** Whether it starts, ends or fetches something, so that it is to be known who asked for it. */
    boolean changesSomething() {
        return scope != Scope.SEARCH && !method.equals("GET");
    }

    /** Whether a path, as decoded segments, is one of its own. */
    boolean isAt(List<String> segments) {
        if (segments.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!isParameter(i) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The value of a parameter of the path. */
    String value(String parameter, List<String> segments) {
        return segments.get(path.indexOf("{" + parameter + "}"));
    }

    /** How many segments are words and not parameters: of two operations at a path, the more literal one is meant. */
    long literals() {
        return path.stream().filter(segment -> !segment.startsWith("{")).count();
    }

    private boolean isParameter(int segment) {
        return path.get(segment).startsWith("{");
    }
}
