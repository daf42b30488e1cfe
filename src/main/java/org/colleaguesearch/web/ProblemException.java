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
 * The refusal or failure of a request, with its problem document (RFC 9457). {@code detail} is one line for a person to
 * read: what is wrong and what to do. It contains no secret.
 */
final class ProblemException extends ErrorResponseException {
    /** Bounds the response to a body with 100,000 invalid URLs. */
    static final int MAX_FAULTS = 100;

    static final ObjectMapper JSON = new ObjectMapper().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class);

    private static final int MAX_TEXT_LENGTH = 500;

    /**
     * An invalid field and what is wrong with it.
     *
     * @param field a JSON pointer into the body, or the name of a parameter or header
     */
    record Fault(String field, String detail) {
        private Fault cleaned() {
            return new Fault(clean(field), clean(detail));
        }
    }

    /** A problem with several fields. */
    ProblemException(int status, String detail, List<Fault> faults) {
        super(HttpStatusCode.valueOf(status), document(status, detail, faults), null);
        if (status == 429 || status == 503) {
            // A default, which the caller may replace.
            getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        }
    }

    /**
     * A problem with one field.
     *
     * @param field a JSON pointer into the body, or the name of a parameter or header; null for none
     */
    ProblemException(int status, String detail, String field) {
        this(status, detail, field == null ? List.of() : List.of(new Fault(field, detail)));
    }

    /** A problem with no particular field. */
    ProblemException(int status, String detail) {
        this(status, detail, List.of());
    }

    /** A status without further details. */
    static ProblemException of(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        return new ProblemException(status, known == null ? "the request failed" : known.getReasonPhrase());
    }

    /** For a request that comes before Camel's routes run, or after. */
    static ProblemException notRunning() {
        return new ProblemException(503, "the service is starting or stopping; try again");
    }

    /** For a request that Spring Security's firewall rejects as an attack, such as a path with "//". */
    static ProblemException ofFirewall() {
        return new ProblemException(
                400, "the method, the URL or a header contains characters that are not allowed there");
    }

    /** Sets a header that the status calls for, such as {@code Retry-After}. */
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
                    faults.stream().limit(MAX_FAULTS).map(Fault::cleaned).toList());
        }
        return document;
    }

    /** Field names come from the request: cuts them to a sane length, on one line, without unpaired surrogates. */
    private static String clean(String text) {
        String start = text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH) + "…";
        return start.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
