package org.colleaguesearch.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;

/**
 * The operation that a request asks for.
 *
 * @param operation null if the contract has none
 * @param allowed then, the methods that the path has; empty if there is no such path
 * @param values the decoded parameters of the path
 */
record MatchedOperation(Operation operation, Set<String> allowed, Map<String, String> values) {
    private static final String ATTRIBUTE = MatchedOperation.class.getName();

    /** That of a request, which is looked for once. */
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
