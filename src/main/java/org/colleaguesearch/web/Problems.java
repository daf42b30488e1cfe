package org.colleaguesearch.web;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.ExchangeTimedOutException;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.ledger.DatabaseFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.jms.JmsException;
import org.springframework.stereotype.Component;

/** Turns failures of routes into problem documents (RFC 9457). Stateless. */
@Component("problems")
public class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** The document of a failure. Logs a server error, and does not send its reason. */
    public Map<String, Object> document(Exception failure) {
        ProblemException problem = problem(failure);
        if (problem.getStatusCode().value() == 500) {
            LOG.error("request failed: {}", failure.toString());
            LOG.debug("request failed", failure);
        }
        return ProblemException.JSON.convertValue(problem.getBody(), new TypeReference<>() {});
    }

    /** Adds the headers of a failure, such as {@code Retry-After}, to the response's. */
    public void addHeaders(Exception failure, Map<String, Object> headers) {
        headers.putAll(problem(failure).getHeaders().toSingleValueMap());
    }

    /** Looks at causes, too: Camel wraps exceptions of methods that it evaluates as expressions. */
    private static ProblemException problem(Exception failure) {
        return Causes.of(failure)
                .map(Problems::ofCause)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> ofServer(failure));
    }

    private static ProblemException ofCause(Throwable cause) {
        return switch (cause) {
            case ProblemException problem -> problem;
            case RequestRefused refused -> of(refused);
            case JmsException broker -> noKeeper();
            case ExchangeTimedOutException silence -> noKeeper();
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

    private static ProblemException noKeeper() {
        return new ProblemException(
                        503,
                        "the keeper of the cluster does not answer; another node is about to take over: try again later")
                .with(HttpHeaders.RETRY_AFTER, "10");
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

    /** The reason is in the health endpoint and the log. */
    private static ProblemException ofServer(Exception failure) {
        if (!DatabaseFailures.isNotWritable(failure)) {
            return new ProblemException(500, "internal error; see the log of the service");
        }
        String why = DatabaseFailures.isUnavailable(failure)
                ? "the database of this service is unavailable; try again later"
                : "another instance of this service holds the database; send the request to that instance, or try again"
                        + " later";
        return new ProblemException(503, why).with(HttpHeaders.RETRY_AFTER, "10");
    }
}
