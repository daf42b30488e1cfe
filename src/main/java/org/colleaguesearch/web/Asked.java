package org.colleaguesearch.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a request asks for.
 *
 * @param operation null if the contract has none for it
 * @param allowed the methods that there are in its place; empty if there is nothing at the path
 * @param segments the decoded segments of the path after {@code /api}
 */
record Asked(Operation operation, Set<String> allowed, List<String> segments) {
    private static final String ATTRIBUTE = Asked.class.getName();

    /** Found out once a request. */
    static Asked by(HttpServletRequest request, ApiContract contract) {
        if (request.getAttribute(ATTRIBUTE) instanceof Asked asked) {
            return asked;
        }
        Asked asked = contract.asked(request.getMethod(), segments(request));
        request.setAttribute(ATTRIBUTE, asked);
        return asked;
    }

    private static List<String> segments(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            String decoded = Percent.decode(segment);
            // Fits nothing, as what is no UTF-8 should.
            segments.add(decoded == null ? "" : decoded);
        }
        return segments.subList(1, segments.size());
    }
}
