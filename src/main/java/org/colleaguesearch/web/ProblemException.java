package org.colleaguesearch.web;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that cannot be answered as it asks. It becomes a problem document; the message is its {@code detail}, one
 * line for a person to read: what is wrong and what to do. It holds no secret.
 */
public final class ProblemException extends RuntimeException {
    private final int status;
    private final String field;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /**
     * A problem with one field.
     *
     * @param status the HTTP status, 400 to 599
     * @param field a JSON pointer into the body, or the name of a parameter or header; null if it is none's
     */
    public ProblemException(int status, String detail, String field) {
        super(detail);
        this.status = status;
        this.field = field;
    }

    /** A problem with no field in particular. */
    public ProblemException(int status, String detail) {
        this(status, detail, null);
    }

    /** The same with a header that its status asks for, such as {@code Retry-After}. */
    public ProblemException with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    /** Headers of the answer, by name. */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** What is wrong, or null. */
    public String field() {
        return field;
    }
}
