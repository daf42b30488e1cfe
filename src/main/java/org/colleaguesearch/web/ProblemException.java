package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.web.ErrorResponseException;

/**
 * A request that is refused, or cannot be answered, with its problem document (RFC 9457). {@code detail} is one line for a
 * person to read: what is wrong and what to do. It holds no secret.
 */
final class ProblemException extends ErrorResponseException {
    /** Bounds the response to a body with 100,000 wrong URLs. */
    static final int MOST_FAULTS = 100;

    static final ObjectMapper JSON = new ObjectMapper().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class);

    private static final int LONGEST_TEXT = 500;

    /**
     * What is wrong with one field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter or header
     */
    record Fault(String field, String detail) {
        private Fault cleaned() {
            return new Fault(clean(field), clean(detail));
        }
    }

    /** A problem of several fields. */
    ProblemException(int status, String detail, List<Fault> faults) {
        super(HttpStatusCode.valueOf(status), document(status, detail, faults), null);
        if (status == 429 || status == 503) {
            // A default; the caller may know better.
            getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        }
    }

    /**
     * A problem of one field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter or header; null for none
     */
    ProblemException(int status, String detail, String field) {
        this(status, detail, field == null ? List.of() : List.of(new Fault(field, detail)));
    }

    /** A problem of no field in particular. */
    ProblemException(int status, String detail) {
        this(status, detail, List.of());
    }

    /** A status without further details. */
    static ProblemException of(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return new ProblemException(status, known == null ? "the request failed" : known.getReasonPhrase());
    }

    /** What the firewall of Spring Security takes for an attack, such as a path with "//". */
    static ProblemException ofFirewall() {
        return new ProblemException(400, "the method, the URL or a header has characters that are not allowed there");
    }

    /** The same with a header that its status asks for, such as {@code Retry-After}. */
    ProblemException with(String header, String value) {
        getHeaders().set(header, value);
        return this;
    }

    /** Sends the document as the response. */
    void send(HttpServletResponse response) throws IOException {
        byte[] body = JSON.writeValueAsBytes(getBody());
        response.setStatus(getStatusCode().value());
        getHeaders().toSingleValueMap().forEach(response::setHeader);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static ProblemDetail document(int status, String detail, List<Fault> faults) {
        ProblemDetail document = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), clean(detail));
        if (document.getTitle() == null) {
            document.setTitle("Error");
        }
        if (!faults.isEmpty()) {
            document.setProperty(
                    "errors",
                    faults.stream().limit(MOST_FAULTS).map(Fault::cleaned).toList());
        }
        return document;
    }

    /** Field names come from the request: cut to a sane length, on one line, without unpaired surrogates. */
    private static String clean(String text) {
        String start = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        return start.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
