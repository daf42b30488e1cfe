package org.colleaguesearch.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.ledger.DatabaseFailures;
import org.colleaguesearch.web.ProblemException.Fault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes problem documents (RFC 9457) of what went wrong with a request. Stateless. */
@Component("problems")
public class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A body of 100,000 wrong URLs is not answered with as many lines. */
    static final int MOST_FAULTS = 100;

    private static final int LONGEST_TEXT = 500;

    /** The document of a failure. One that nobody has refused a request with is
     * an error of the server: it is logged, and not told. */
    public Map<String, Object> document(Exception failure) {
        ProblemException problem = problem(failure);
        if (problem != null) {
            return document(problem.status(), problem.getMessage(), problem.faults());
        }
        LOG.error("a request failed: {}", failure.toString());
        LOG.debug("a request failed", failure);
        return document(500, "the server could not answer; its log says why", List.of());
    }

    /** Adds the headers of a failure, if it has any, to those of the answer. */
    public void addHeaders(Exception failure, Map<String, Object> headers) {
        ProblemException problem = problem(failure);
        if (problem != null) {
            headers.putAll(problem.headers());
        }
    }

    /** One that a method threw which Camel evaluated as an expression is the cause of Camel's own; null for none. */
    private static ProblemException problem(Exception failure) {
        return known(failure).orElseGet(() -> unavailable(failure));
    }

    /** Health and log have the reason. Null for a failure that is none of the database's. */
    private static ProblemException unavailable(Exception failure) {
        if (!DatabaseFailures.isNotWritable(failure)) {
            return null;
        }
        String why = DatabaseFailures.isUnavailable(failure)
                ? "the database of this service is unavailable; ask again later"
                : "another instance of this service works with its database; ask that one, or again later";
        return new ProblemException(503, why).with("Retry-After", "10");
    }

    private static Optional<ProblemException> known(Exception failure) {
        return Causes.of(failure)
                .map(Problems::ofCause)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static ProblemException ofCause(Throwable cause) {
        return switch (cause) {
            case ProblemException problem -> problem;
            case RequestRefused refused -> of(refused);
            default -> null;
        };
    }

    private static ProblemException of(RequestRefused refused) {
        ProblemException problem = new ProblemException(
                status(refused.kind()), refused.getMessage(), refused.field().orElse(null));
        return refused.retryAfter()
                .map(time -> problem.with(HttpHeaders.RETRY_AFTER, Long.toString(time.toSeconds())))
                .orElse(problem);
    }

    private static int status(RequestRefused.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case INVALID -> 422;
            case TOO_MANY -> 429;
            case SOURCE_FAILED -> 502;
            case UNAVAILABLE -> 503;
            case TIMED_OUT -> 504;
        };
    }

    /** Answers with a problem in place of what was asked for. */
    void answer(HttpServletResponse response, ProblemException problem) throws IOException {
        byte[] body = JSON.writeValueAsBytes(document(problem));
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Map<String, Object> document(int status, String detail, List<Fault> faults) {
        Map<String, Object> document = new LinkedHashMap<>();
        HttpStatus known = HttpStatus.resolve(status);
        document.put("type", "about:blank");
        document.put("title", known == null ? "Error" : known.getReasonPhrase());
        document.put("status", status);
        document.put("detail", clean(detail));
        if (!faults.isEmpty()) {
            document.put(
                    "errors",
                    faults.stream().limit(MOST_FAULTS).map(Problems::entry).toList());
        }
        return document;
    }

    private static Map<String, Object> entry(Fault fault) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("field", clean(fault.field()));
        entry.put("detail", clean(fault.detail()));
        return entry;
    }

    /** Names of fields come from the request: as a text of a sane length that UTF-8 can hold, on one line. */
    private static String clean(String text) {
        String start = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
        return start.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
