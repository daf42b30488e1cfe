package org.colleaguesearch.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * A request that cannot be fulfilled. The message is one line for people to read: what is wrong and what to do. It
 * contains no secrets.
 */
public final class RequestRefused extends RuntimeException {
    /** The kind of refusal; {@code web} maps each to an HTTP status. */
    public enum Kind {
        /** The requested resource does not exist. */
        NOT_FOUND,
        /** The request conflicts with the current state. */
        CONFLICT,
        /** The request is well-formed but its content is invalid. */
        INVALID,
        /** The caller has reached a limit of requests or jobs in progress. */
        TOO_MANY,
        /** Not possible now; the same request may succeed later. */
        UNAVAILABLE,
        /** An API that had to be called failed. */
        SOURCE_FAILED,
        /** It took longer than allowed. */
        TIMED_OUT
    }

    private final Kind kind;
    private final String field;
    private final Duration retryAfter;

    private RequestRefused(Kind kind, String message, String field, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    /** A refusal that concerns no particular field. */
    public RequestRefused(Kind kind, String message) {
        this(kind, message, null, null);
    }

    /**
     * A refusal that concerns a field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter
     */
    public RequestRefused(Kind kind, String message, String field) {
        this(kind, message, field, null);
    }

    /** Returns a copy with the time after which the caller may retry. */
    public RequestRefused retryAfter(Duration time) {
        return new RequestRefused(kind, getMessage(), field, time);
    }

    public Kind kind() {
        return kind;
    }

    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
