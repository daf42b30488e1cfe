package org.colleaguesearch.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets through as many requests as may be in flight, and of them those that keep to the contract. */
final class EdgeFilter extends OncePerRequestFilter {
    private final InFlight inFlight;
    private final Checks checks;
    private final Problems problems;

    EdgeFilter(InFlight inFlight, Checks checks, Problems problems) {
        this.inFlight = inFlight;
        this.checks = checks;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        InFlight.Request place;
        CheckedRequest checked;
        try {
            place = inFlight.begin();
        } catch (ProblemException problem) {
            problems.answer(response, problem);
            return;
        }
        try {
            checked = checks.check(request, place);
        } catch (ProblemException problem) {
            place.end();
            problems.answer(response, problem);
            return;
        } catch (IOException | RuntimeException e) {
            place.end();
            throw e;
        }
        AtEnd.of(checked, () -> chain.doFilter(checked, response), place::end);
    }
}
