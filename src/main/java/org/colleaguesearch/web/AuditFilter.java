package org.colleaguesearch.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Logs to {@code audit} who started, cancelled or exported what, and which requests were refused. Does not log searches.
 * Stateless.
 */
final class AuditFilter extends OncePerRequestFilter {
    /** The request attribute with the {@code job_id} from the body. */
    static final String JOB = "audit.job_id";

    private static final String REJECTED = "audit.rejected";

    private static final Logger AUDIT = LoggerFactory.getLogger("audit");

    private final ApiContract contract;
    private final Refusals refusals;

    AuditFilter(ApiContract contract, Refusals refusals) {
        this.contract = contract;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Operation operation = MatchedOperation.of(request, contract).operation();
        String address = request.getRemoteAddr();
        String path = request.getRequestURI();
        ResponseCompletion.of(request, () -> answer(request, response, chain), () -> {
            if (request.getAttribute(REJECTED) != null) {
                refusals.note(address, path, response.getStatus());
            } else {
                note(
                        operation,
                        (String) request.getAttribute(CheckedRequest.CALLER),
                        address,
                        path,
                        (String) request.getAttribute(JOB),
                        response);
            }
        });
    }

    /** The firewall checks a header when it is read, so its exception can come from inside the chain. */
    private void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (RequestRejectedException rejection) {
            request.setAttribute(REJECTED, true);
            ProblemException.ofFirewall().send(response);
        }
    }

    private void note(
            Operation operation, String caller, String address, String path, String job, HttpServletResponse response) {
        if (caller == null) {
            refusals.note(address, path, response.getStatus());
        } else if (operation != null && operation.changesSomething()) {
            String location = response.getHeader(HttpHeaders.LOCATION);
            AUDIT.info(
                    "{}: key={} address={} path={}{}{} status={}",
                    operation.id(),
                    caller,
                    address,
                    Refusals.start(path),
                    job == null ? "" : " job_id=" + job,
                    location == null ? "" : " location=" + location,
                    response.getStatus());
        }
    }
}
