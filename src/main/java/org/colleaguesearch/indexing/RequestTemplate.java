package org.colleaguesearch.indexing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.PagesException;
import org.colleaguesearch.source.Request;

/**
 * The requests of an indexer, one for each person, as its parameters declare them. Immutable.
 *
 * @param query the text of a GraphQL query, which the body begins with; null for other requests
 * @param body a template; null for none
 */
public record RequestTemplate(
        String method, Map<String, String> headers, String query, PersonTemplate body, boolean isIdempotent) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*");
    /** The keyword begins a definition, which may follow comments and fragments. */
    private static final Pattern MUTATION = Pattern.compile("(?m)(^|})\\s*mutation\\b");

    private static final Set<String> OF_CLIENT =
            Set.of("host", "content-length", "transfer-encoding", "connection", "expect");

    /** {@code parameters}: the values of an indexer; those that it leaves out are empty. */
    static RequestTemplate of(Parameters parameters) {
        String body = parameters.text("body");
        String query = parameters.text("query");
        String variables = parameters.text("variables");
        if (!body.isEmpty() && !query.isEmpty()) {
            throw parameters.wrong("query", "there is a body, too: keep one of them");
        }
        if (query.isEmpty() && !variables.isEmpty()) {
            throw parameters.wrong("variables", "there is no query to use them");
        }
        boolean hasBody = !body.isEmpty() || !query.isEmpty();
        String method = parameters.oneOf("method", METHODS, hasBody ? "POST" : "GET");
        if (hasBody == method.equals("GET")) {
            throw parameters.wrong("method", method + (hasBody ? " has no body: use POST" : " needs a body or query"));
        }
        boolean isSafe = !method.equals("POST")
                || (!query.isEmpty() && !MUTATION.matcher(query).find());
        RequestTemplate template = new RequestTemplate(
                method,
                headers(parameters, hasBody),
                query.isEmpty() ? null : query,
                hasBody ? new PersonTemplate(query.isEmpty() ? body : variables.isEmpty() ? "{}" : variables) : null,
                parameters.flag("idempotent", isSafe));
        template.check(parameters);
        return template;
    }

    /** Values of people are escaped for the strings of JSON and for forms, and are safe nowhere else. */
    private void check(Parameters parameters) {
        if (body == null || isForm()) {
            return;
        }
        if (contentType().filter(type -> type.contains("json")).isEmpty()) {
            throw parameters.wrong(
                    "headers", "Content-Type takes application/json or application/x-www-form-urlencoded");
        }
        try {
            // A bare word is no JSON.
            JSON.readTree(body.filled("x"));
        } catch (JsonProcessingException e) {
            throw parameters.wrong(
                    isGraphQl() ? "variables" : "body",
                    "not valid JSON, or a variable is outside quotes: write \"{id}\"");
        }
    }

    private static Map<String, String> headers(Parameters parameters, boolean hasBody) {
        Map<String, String> headers = new LinkedHashMap<>();
        parameters.text("headers").lines().filter(line -> !line.isBlank()).forEach(line -> {
            var header = HEADER.matcher(line.strip());
            if (!header.matches()) {
                throw parameters.wrong("headers", "expected lines such as 'X-Tenant: acme'");
            }
            if (OF_CLIENT.contains(header.group(1).toLowerCase(Locale.ROOT))) {
                throw parameters.wrong("headers", header.group(1) + " is set by the HTTP client: remove it");
            }
            headers.put(header.group(1), header.group(2));
        });
        if (hasBody && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    /**
     * A GraphQL response has status 200 even if it has errors.
     *
     * @throws PagesException when it has
     */
    void check(JsonNode response) {
        if (isGraphQl() && response.path("errors").size() > 0) {
            throw new PagesException("the GraphQL response has errors: check 'query'; a dry run shows them");
        }
    }

    private boolean isGraphQl() {
        return query != null;
    }

    /** The request for a person; empty when the person lacks a value that the body needs. */
    Optional<Request> request(Person person) {
        if (body == null) {
            return Optional.of(new Request(method, headers, null, isIdempotent));
        }
        return body.of(person, escape())
                .map(text -> new Request(
                        method,
                        headers,
                        isGraphQl() ? "{\"query\":" + json(query) + ",\"variables\":" + text + "}" : text,
                        isIdempotent));
    }

    /** A body is a form, or else JSON, in whose strings the values are. */
    private UnaryOperator<String> escape() {
        return isForm()
                ? value -> URLEncoder.encode(value, StandardCharsets.UTF_8)
                : value -> new String(JsonStringEncoder.getInstance().quoteAsString(value));
    }

    private boolean isForm() {
        return contentType()
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
    }

    private Optional<String> contentType() {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String json(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text can always be written", e);
        }
    }
}
