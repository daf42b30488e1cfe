package org.colleaguesearch.failure;

import java.time.Duration;
import java.util.Optional;

/**
 * A request that cannot be done as it asks. The message is one line for a person to read: what is wrong and what to do.
 * It holds no secret.
 */
public final class RequestRefused extends RuntimeException {
    /** Why, in terms of the request; {@code web} gives each its HTTP status. */
    public enum Kind {
        /** There is no such thing. */
        NOT_FOUND,
        /** Not in the state that things are in. */
        CONFLICT,
        /** It asks for what there cannot be. */
        INVALID,
        /** Whoever asks has as much under way as they may have. */
        TOO_MANY,
        /** Not now; the same request may be done later. */
        UNAVAILABLE,
        /** An API that had to be called failed. */
        SOURCE_FAILED,
        /** It has taken longer than it may. */
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

    /** One that is about no field in particular. */
    public RequestRefused(Kind kind, String message) {
        this(kind, message, null, null);
    }

    /**
     * One that is about a field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter
     */
    public RequestRefused(Kind kind, String message, String field) {
        this(kind, message, field, null);
    }

    /** The same, with the time after which it is worth asking again. */
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
