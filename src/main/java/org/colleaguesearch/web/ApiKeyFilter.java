package org.colleaguesearch.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/** Finds out whose key a request has, and whether that one asks too often. Who has none, is for others to refuse. */
final class ApiKeyFilter extends OncePerRequestFilter {
    static final String HEADER = "X-API-Key";

    private final ApiKeys keys;
    private final RateLimits limits;
    private final Problems problems;

    ApiKeyFilter(ApiKeys keys, RateLimits limits, Problems problems) {
        this.keys = keys;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String presented = request.getHeader(HEADER);
        Optional<ApiKey> key = presented == null ? Optional.empty() : keys.find(presented);
        if (key.isPresent()) {
            request.setAttribute(CheckedRequest.CALLER, key.get().name());
            if (!limits.take(key.get().name())) {
                problems.answer(
                        response,
                        new ProblemException(429, "this key asks too often; try again in a second")
                                .with("Retry-After", "1"));
                return;
            }
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(new PreAuthenticatedAuthenticationToken(
                    key.get().name(),
                    null,
                    AuthorityUtils.createAuthorityList(
                            key.get().scopes().stream().map(Object::toString).toList())));
            SecurityContextHolder.setContext(context);
        }
        chain.doFilter(request, response);
    }
}
