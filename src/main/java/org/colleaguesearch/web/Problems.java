package org.colleaguesearch.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        if (failure instanceof ProblemException problem) {
            return document(problem.status(), problem.getMessage(), problem.field());
        }
        LOG.error("a request failed: {}", failure.toString());
        LOG.debug("a request failed", failure);
        return document(500, "the server could not answer; its log says why", null);
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
