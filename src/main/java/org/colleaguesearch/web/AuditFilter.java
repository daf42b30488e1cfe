package org.colleaguesearch.web;

import io.github.resilience4j.ratelimiter.RateLimiter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Notes in the log {@code audit} who has started, ended and exported what, and who was refused. Of searches it notes
 * nothing. Safe for any thread: its state is made for that.
 */
final class AuditFilter extends OncePerRequestFilter {
    /** The attribute of a request with the {@code job_id} that its body has. */
    static final String JOB = "audit.job_id";

    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    private static final int LONGEST_PATH = 200;

    /** Anyone who can connect can be refused, and is not to fill the disk with it. */
    private final RateLimiter refusals = RateLimiter.of("refusals", RateLimits.perSecond(10));

    private final AtomicLong unsaid = new AtomicLong();
    private final ApiContract contract;

    AuditFilter(ApiContract contract) {
        this.contract = contract;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Asked asked = Asked.by(request, contract);
        String address = request.getRemoteAddr();
        String path = request.getRequestURI();
        AtEnd.of(
                request,
                () -> chain.doFilter(request, response),
                () -> note(
                        asked.operation(),
                        (String) request.getAttribute(CheckedRequest.CALLER),
                        address,
                        path.substring(0, Math.min(path.length(), LONGEST_PATH)),
                        (String) request.getAttribute(JOB),
                        response));
    }

    private void note(
            Operation operation, String caller, String address, String path, String job, HttpServletResponse response) {
        if (caller == null) {
            if (refusals.acquirePermission()) {
                AUDIT.info(
                        "refused: address={} path={} status={} unsaid={}",
                        address,
                        path,
                        response.getStatus(),
                        unsaid.getAndSet(0));
            } else {
                unsaid.incrementAndGet();
            }
        } else if (operation != null && operation.changesSomething()) {
            String location = response.getHeader(HttpHeaders.LOCATION);
            AUDIT.info(
                    "{}: key={} address={} path={}{}{} status={}",
                    operation.id(),
                    caller,
                    address,
                    path,
                    job == null ? "" : " job_id=" + job,
                    location == null ? "" : " location=" + location,
                    response.getStatus());
        }
    }
}
