package org.colleaguesearch.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A request that conforms to the contract. Spring and Camel see only its method and path, and routes only its checked
 * values, so that no header can pose as another and nothing unchecked is read.
 */
final class CheckedRequest extends HttpServletRequestWrapper {
    /** The message header and request attribute with the name of the API key. */
    static final String CALLER = "X-API-Caller";

    private static final String ATTRIBUTE = CheckedRequest.class.getName();

    private final Map<String, String> values;
    private final String body;
    private final String path;

    /**
     * Wraps a request whose values were checked.
     *
     * @param values the parameters, the allowed headers, and {@link #CALLER}, by name
     * @param body the JSON; null if there is none
     */
    CheckedRequest(HttpServletRequest request, MatchedOperation matched, Map<String, String> values, String body) {
        super(request);
        this.values = values;
        this.body = body;
        path = request.getContextPath()
                + UriComponentsBuilder.fromPath(matched.operation().path().getPatternString())
                        .encode()
                        .buildAndExpand(matched.values())
                        .toUriString();
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The checked request that belongs to a servlet request. */
    static CheckedRequest of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof CheckedRequest checked) {
            return checked;
        }
        throw new IllegalStateException("a request bypassed the checks");
    }

    /** Whether the request passed the checks. */
    static boolean isIn(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    Map<String, String> values() {
        return values;
    }

    /** Whether the client wants only headers; Tomcat drops the body then. */
    boolean isHead() {
        return super.getMethod().equals("HEAD");
    }

    /** Spring and Camel see HEAD as GET. */
    @Override
    public String getMethod() {
        return isHead() ? "GET" : super.getMethod();
    }

    String body() {
        return body;
    }

    /** The path, re-encoded from the checked values: what was checked is what is dispatched. */
    @Override
    public String getRequestURI() {
        return path;
    }

    @Override
    public StringBuffer getRequestURL() {
        return new StringBuffer(path);
    }

    @Override
    public String getQueryString() {
        return null;
    }

    @Override
    public String getHeader(String name) {
        return null;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return Collections.emptyEnumeration();
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public String getParameter(String name) {
        return null;
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Map.of();
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.emptyEnumeration();
    }

    @Override
    public String[] getParameterValues(String name) {
        return null;
    }

    @Override
    public String getContentType() {
        return null;
    }

    @Override
    public int getContentLength() {
        return 0;
    }

    @Override
    public long getContentLengthLong() {
        return 0;
    }

    /** The body has already been read. */
    @Override
    public ServletInputStream getInputStream() {
        return null;
    }
}
