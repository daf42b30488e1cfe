package org.colleaguesearch.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes problem documents (RFC 9457) of what went wrong with a request. Stateless. */
@Component("problems")
public class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** The document of a failure. One that is not a {@link ProblemException} is ours: it is logged, and not told. */
    public Map<String, Object> document(Exception failure) {
        ProblemException problem = problem(failure);
        if (problem != null) {
            return document(problem.status(), problem.getMessage(), problem.field());
        }
        LOG.error("a request failed: {}", failure.toString());
        LOG.debug("a request failed", failure);
        return document(500, "the server could not answer; its log says why", null);
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
        return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
                // A chain of causes can be a circle.
                .limit(10)
                .filter(ProblemException.class::isInstance)
                .map(ProblemException.class::cast)
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Object> document(int status, String detail, String field) {
        Map<String, Object> document = new LinkedHashMap<>();
        HttpStatus known = HttpStatus.resolve(status);
        document.put("type", "about:blank");
        document.put("title", known == null ? "Error" : known.getReasonPhrase());
        document.put("status", status);
        document.put("detail", detail);
        if (field != null) {
            document.put("errors", List.of(Map.of("field", field, "detail", detail)));
        }
        return document;
    }
}
