package org.colleaguesearch.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.web.ProblemException.Fault;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Checks requests against the contract, and reports all faults of a request. Stateless.
 *
 * <p>swagger-request-validator is not an option: its messages for a million invalid items fill the heap, it accepts JSON
 * with duplicate names or trailing text, and it adds three seconds to the start.
 */
final class Checks {
    /** The HTTP headers that reach a route. Others do only if the contract declares them. */
    private static final List<String> ALLOWED_HEADERS = List.of(
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCEPT_ENCODING,
            HttpHeaders.IF_MODIFIED_SINCE,
            HttpHeaders.IF_NONE_MATCH,
            HttpHeaders.IF_RANGE,
            HttpHeaders.RANGE);

    private final ApiContract contract;
    private final long maxBody;
    private final Duration readTimeout;

    /**
     * Sets the limits of bodies.
     *
     * @param maxBody the maximum size in bytes, unless an operation has a smaller limit
     * @param readTimeout how long a client may be silent; a whole body may take {@link JsonBody#READS} times that
     */
    Checks(ApiContract contract, long maxBody, Duration readTimeout) {
        this.contract = contract;
        this.maxBody = maxBody;
        this.readTimeout = readTimeout;
    }

    /**
     * Returns the request if it conforms to the contract.
     *
     * @throws ProblemException if it does not
     * @throws IOException if the client disconnects
     */
    CheckedRequest check(HttpServletRequest request, InFlight.Request inFlight) throws IOException {
        MatchedOperation matched = MatchedOperation.of(request, contract);
        if (matched.operation() == null) {
            throw noOperation(matched);
        }
        Operation operation = matched.operation();
        checkAccept(request, operation);
        Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        List<Fault> faults = new ArrayList<>();
        for (String name : ALLOWED_HEADERS) {
            values.put(name, header(request, name));
        }
        for (Parameter parameter : operation.parameters()) {
            if (!parameter.in().equals("query")) {
                String value = parameter.in().equals("header")
                        ? header(request, parameter.name())
                        : matched.values().get(parameter.name());
                values.put(parameter.name(), value);
                parameter.faults(value).forEach(faults::add);
            }
        }
        values.values().removeIf(Objects::isNull);
        QueryString query = QueryString.of(request.getQueryString(), operation);
        values.putAll(query.values());
        faults.addAll(query.faults());
        JsonBody body = null;
        if (operation.body() != null) {
            checkContentType(request);
            body = JsonBody.read(request, Math.min(operation.maxBody(), maxBody), readTimeout, inFlight);
            faults.addAll(contract.faults(operation, body.tree()));
        } else if (!UnreadBodyValve.drain(request, readTimeout)) {
            throw new ProblemException(413, "this operation takes no body");
        }
        if (!faults.isEmpty()) {
            throw new ProblemException(400, summary(faults), faults);
        }
        if (body != null && body.tree().has("job_id")) {
            request.setAttribute(AuditFilter.JOB, body.tree().get("job_id").asText());
        }
        if (request.getMethod().equals("HEAD")) {
            // Range applies to GET only (RFC 9110, section 14.2).
            values.remove(HttpHeaders.RANGE);
        }
        values.put(CheckedRequest.CALLER, (String) request.getAttribute(CheckedRequest.CALLER));
        return new CheckedRequest(request, matched, values, body == null ? null : body.text());
    }

    private static ProblemException noOperation(MatchedOperation matched) {
        return matched.allowed().isEmpty()
                ? new ProblemException(404, "unknown path; see /openapi.json")
                : new ProblemException(
                                405, "method not allowed; expected one of: " + String.join(", ", matched.allowed()))
                        .with(HttpHeaders.ALLOW, String.join(", ", matched.allowed()));
    }

    /** The values of a repeated header are a list (RFC 9110, section 5.3). */
    private static String header(HttpServletRequest request, String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        return values.isEmpty() ? null : String.join(", ", values);
    }

    private static void checkAccept(HttpServletRequest request, Operation operation) {
        String accept = header(request, HttpHeaders.ACCEPT);
        if (accept == null || accept.equals(MediaType.ALL_VALUE)) {
            return;
        }
        List<MediaType> accepted;
        try {
            accepted = MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            throw new ProblemException(400, "Accept is not a list of media types", HttpHeaders.ACCEPT);
        }
        // Generated clients may accept only JSON, which some operations send only as problem documents.
        List<MediaType> answers = Stream.concat(
                        operation.answers().stream(), Stream.of(MediaType.APPLICATION_PROBLEM_JSON))
                .toList();
        if (!accepted.isEmpty()
                && accepted.stream().noneMatch(type -> answers.stream().anyMatch(type::includes))) {
            throw new ProblemException(
                    406,
                    "Accept matches no response type; expected one of: "
                            + answers.stream()
                                    .map(MediaType::toString)
                                    .distinct()
                                    .collect(Collectors.joining(", ")),
                    HttpHeaders.ACCEPT);
        }
    }

    private static void checkContentType(HttpServletRequest request) {
        String encoding = header(request, HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    415, "compressed bodies are not supported; send it uncompressed", "Content-Encoding");
        }
        try {
            MediaType type = MediaType.parseMediaType(String.valueOf(request.getContentType()));
            String charset = type.getParameter("charset");
            if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    && (charset == null || charset.equalsIgnoreCase("utf-8"))) {
                return;
            }
        } catch (InvalidMediaTypeException e) {
            // Refused below, like any other wrong type.
        }
        throw new ProblemException(
                415, "unsupported Content-Type; send the body as application/json in UTF-8", HttpHeaders.CONTENT_TYPE);
    }

    private static String summary(List<Fault> faults) {
        Fault first = faults.get(0);
        String start = (first.field().isEmpty() ? "the body" : first.field()) + ": " + first.detail();
        // Validation stops at this number.
        String more = faults.size() > ProblemException.MAX_FAULTS
                ? "at least " + ProblemException.MAX_FAULTS
                : "" + (faults.size() - 1);
        return faults.size() == 1 ? start : start + ", and " + more + " more";
    }
}
