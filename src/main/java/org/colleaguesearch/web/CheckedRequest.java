package org.colleaguesearch.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * A request that keeps to the contract. Of what the client has sent, this is all that a route gets: to Spring and Camel
 * it shows its method and path only, so that no header can pose as another, and nothing is read that was not checked.
 */
final class CheckedRequest extends HttpServletRequestWrapper {
    /** Name of the message header, and of the attribute of a request, with the name of the key that asks. */
    static final String CALLER = "X-API-Caller";

    private static final String ATTRIBUTE = CheckedRequest.class.getName();

    private final Map<String, String> values;
    private final String body;
    private final String path;

    /**
     * Of what was checked.
     *
     * @param values the parameters, allowed headers, and {@link #CALLER}, by name
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

    /** The one that a filter has checked. */
    static CheckedRequest of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof CheckedRequest checked) {
            return checked;
        }
        throw new IllegalStateException("a request came past the checks");
    }

    /** Whether it has been checked and found good. */
    static boolean isIn(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    Map<String, String> values() {
        return values;
    }

    /** Whether only the headers of the answer are asked for. Of what is written as its body, Tomcat sends nothing. */
    boolean isHead() {
        return super.getMethod().equals("HEAD");
    }

    /** To Spring and Camel, a HEAD is a GET. */
    @Override
    public String getMethod() {
        return isHead() ? "GET" : super.getMethod();
    }

    String body() {
        return body;
    }

    /** The same path, encoded anew, so that what is dispatched is what was checked. */
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

    @Override
    public ServletInputStream getInputStream() {
        return new ServletInputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public boolean isFinished() {
                return true;
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setReadListener(ReadListener listener) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
