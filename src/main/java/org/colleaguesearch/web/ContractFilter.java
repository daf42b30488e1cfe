package org.colleaguesearch.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Passes on requests that conform to the contract, up to the limit of requests in flight. The server listens before
 * Camel has started: what a request makes Camel create until then, such as an endpoint of a broker, might never start.
 */
final class ContractFilter extends OncePerRequestFilter {
    private final BooleanSupplier isStarted;
    private final InFlight inFlight;
    private final Checks checks;

    ContractFilter(BooleanSupplier isStarted, InFlight inFlight, Checks checks) {
        this.isStarted = isStarted;
        this.inFlight = inFlight;
        this.checks = checks;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!isStarted.getAsBoolean()) {
            ProblemException.notRunning().send(response);
            return;
        }
        InFlight.Request place;
        try {
            place = inFlight.begin((String) request.getAttribute(CheckedRequest.CALLER));
        } catch (ProblemException problem) {
            problem.send(response);
            return;
        }
        ResponseCompletion.of(request, () -> answer(request, response, chain, place), place::end);
    }

    private void answer(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain, InFlight.Request place)
            throws IOException, ServletException {
        CheckedRequest checked;
        try {
            checked = checks.check(request, place);
        } catch (ProblemException problem) {
            problem.send(response);
            return;
        }
        chain.doFilter(checked, response);
    }
}
