package org.colleaguesearch.web;

import java.util.List;
import java.util.Map;

/**
 * A request that cannot be answered as it asks. It becomes a problem document; the message is its {@code detail}, one
 * line for a person to read: what is wrong and what to do. It holds no secret.
 */
public final class ProblemException extends RuntimeException {
    private static final String RETRY_AFTER = "Retry-After";

    private final int status;
    private final transient List<Fault> faults;
    private final transient Map<String, String> headers;

    /**
     * What is wrong with one field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter or header
     */
    public record Fault(String field, String detail) {}

    private ProblemException(int status, String detail, List<Fault> faults, Map<String, String> headers) {
        super(detail);
        this.status = status;
        this.faults = List.copyOf(faults);
        this.headers = Map.copyOf(headers);
    }

    /** A problem with several fields. */
    public ProblemException(int status, String detail, List<Fault> faults) {
        this(status, detail, faults, Map.of());
    }

    /**
     * A problem with one field.
     *
     * @param status the HTTP status, 400 to 599
     * @param field a JSON pointer into the body, or the name of a parameter or header; null if it is none's
     */
    public ProblemException(int status, String detail, String field) {
        this(status, detail, field == null ? List.of() : List.of(new Fault(field, detail)));
    }

    /** A problem with no field in particular. */
    public ProblemException(int status, String detail) {
        this(status, detail, List.of());
    }

    /** What the firewall of Spring Security takes for an attack, such as a path with "//". */
    static ProblemException ofFirewall() {
        return new ProblemException(400, "the method, the URL or a header has what is not allowed there");
    }

    /** The same with a header that its status asks for, such as {@code Retry-After}. */
    public ProblemException with(String header, String value) {
        return new ProblemException(status, getMessage(), faults, Map.of(header, value));
    }

    public int status() {
        return status;
    }

    /** The fields that are wrong; empty if it is none in particular. */
    public List<Fault> faults() {
        return faults;
    }

    /** The field that is wrong, the first of several, or null. */
    public String field() {
        return faults.isEmpty() ? null : faults.get(0).field();
    }

    /** Each 429 and 503 says when to come again, also where whoever throws it knows no better time than any other. */
    Map<String, String> headers() {
        return headers.isEmpty() && (status == 429 || status == 503) ? Map.of(RETRY_AFTER, "5") : headers;
    }
}
