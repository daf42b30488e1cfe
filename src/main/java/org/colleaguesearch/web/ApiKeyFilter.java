package org.colleaguesearch.web;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.colleaguesearch.source.NodeShare;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates requests by API key and limits the rate of each key. {@link Access} refuses requests without a valid key. */
final class ApiKeyFilter extends OncePerRequestFilter {
    static final String HEADER = "X-API-Key";

    private final ApiKeys keys;
    /** One limiter per key. */
    private final RateLimiterRegistry limits;

    private final int requestsPerSecond;
    private final NodeShare share;

    ApiKeyFilter(ApiKeys keys, int requestsPerSecond, NodeShare share) {
        this.keys = keys;
        this.requestsPerSecond = requestsPerSecond;
        this.share = share;
        this.limits = RateLimiterRegistry.ofDefaults();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String presented = request.getHeader(HEADER);
        Optional<ApiKey> key = presented == null ? Optional.empty() : keys.find(presented);
        if (key.isPresent()) {
            request.setAttribute(CheckedRequest.CALLER, key.get().name());
            if (!limiter(key.get().name()).acquirePermission()) {
                new ProblemException(429, "too many requests per second with this key; try again in a second")
                        .with(HttpHeaders.RETRY_AFTER, "1")
                        .send(response);
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

    /**
     * The limiter of a key, which allows this node's part of the limit: a load balancer gives each node its part of the
     * requests. Any thread that answers a request may change the limit: the limiter replaces it as a whole, from the next
     * second on, and if a thread sets a part that is out of date, the next request of the key corrects it.
     */
    RateLimiter limiter(String key) {
        int part = share.lastKnownOf(requestsPerSecond);
        RateLimiter limiter = limits.rateLimiter(key, () -> Refusals.perSecond(part));
        if (limiter.getRateLimiterConfig().getLimitForPeriod() != part) {
            limiter.changeLimitForPeriod(part);
        }
        return limiter;
    }
}
