package org.colleaguesearch.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Authorizes requests: an operation requires a key with the scope that its tag names. Stateless. */
final class Access implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final ApiContract contract;

    Access(ApiContract contract) {
        this.contract = contract;
    }

    /** Grants access to an unknown path with any key, so that the response is 404 instead of 403. */
    AuthorizationDecision decide(Supplier<Authentication> authentication, RequestAuthorizationContext context) {
        Authentication caller = authentication.get();
        Operation operation =
                MatchedOperation.of(context.getRequest(), contract).operation();
        return new AuthorizationDecision(caller instanceof PreAuthenticatedAuthenticationToken
                && (operation == null
                        || caller.getAuthorities()
                                .contains(new SimpleGrantedAuthority(
                                        operation.scope().toString()))));
    }

    /** 401: missing or invalid key. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        String detail = request.getHeader(ApiKeyFilter.HEADER) == null
                ? "missing API key; send one in the header " + ApiKeyFilter.HEADER
                : "invalid API key";
        new ProblemException(401, detail, ApiKeyFilter.HEADER)
                .with(HttpHeaders.WWW_AUTHENTICATE, "ApiKey header=\"" + ApiKeyFilter.HEADER + "\"")
                .send(response);
    }

    /** 403: a key without the scope. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException exception)
            throws IOException {
        Operation operation = MatchedOperation.of(request, contract).operation();
        new ProblemException(
                        403,
                        "this API key lacks the scope " + operation.scope() + ", which " + operation.id() + " requires")
                .send(response);
    }
}
