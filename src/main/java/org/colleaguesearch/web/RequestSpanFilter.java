package org.colleaguesearch.web;

import io.opentelemetry.api.trace.Tracer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Creates a {@link RequestSpan} for each API request, including those that later filters refuse. */
final class RequestSpanFilter extends OncePerRequestFilter {
    private final Tracer tracer;
    private final ApiContract contract;

    RequestSpanFilter(Tracer tracer, ApiContract contract) {
        this.tracer = tracer;
        this.contract = contract;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestSpan span = new RequestSpan(tracer, request, contract);
        boolean[] failed = {true};
        ResponseCompletion.of(
                request,
                () -> {
                    chain.doFilter(request, response);
                    failed[0] = false;
                },
                // Tomcat sends the response of a failed request only after this.
                () -> span.end(failed[0] ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR : response.getStatus()));
    }
}
