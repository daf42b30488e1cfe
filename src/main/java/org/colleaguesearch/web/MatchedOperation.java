package org.colleaguesearch.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;

/**
 * The requested operation.
 *
 * @param operation null if the contract has none
 * @param allowed if there is no operation, the methods of the path; empty for an unknown path
 * @param values the decoded path parameters
 */
record MatchedOperation(Operation operation, Set<String> allowed, Map<String, String> values) {
    private static final String ATTRIBUTE = MatchedOperation.class.getName();

    /** Matches a request once, and keeps the result in an attribute. */
    static MatchedOperation of(HttpServletRequest request, ApiContract contract) {
        if (request.getAttribute(ATTRIBUTE) instanceof MatchedOperation known) {
            return known;
        }
        String path = request.getRequestURI().substring(request.getContextPath().length());
        MatchedOperation matched = contract.match(request.getMethod(), path);
        request.setAttribute(ATTRIBUTE, matched);
        return matched;
    }
}
