package org.colleaguesearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.StringUtils;

/**
 * Further APIs of the demo, each of another kind, over the same people. Each has its own base URL, {@code /apis/<name>},
 * and is what the file of that name in {@code routes/examples} reads:
 *
 * <ul>
 *   <li>{@code works}: {@code GET /works?author={orcid}&limit=50&cursor=…}, with a cursor, and a key in the query.
 *   <li>{@code directory}: {@code GET /people/{id}/offices?page=1}, with a header Link, and Basic authentication.
 *   <li>{@code graph}: {@code POST /graphql} with {@code {"query":…,"variables":{"person":{id}}}}. It does not read the
 *       query.
 *   <li>{@code learning}: {@code GET /completions?limit=100&offset=0}, one listing of the items of all people.
 * </ul>
 *
 * The list of people as one array is {@code GET /staff} of the default API. Immutable.
 */
public final class DemoSources implements HttpHandler {
    /** The names of these APIs. */
    public static final List<String> NAMES = List.of("directory", "graph", "learning", "works");

    /** Not secrets: they let users try how to send them. */
    public static final String KEY = "demo-key";

    public static final String USER = "demo";
    public static final String PASSWORD = "demo-password";

    static final String PATH = "/apis/";

    private static final List<String> VENUES =
            List.of("DEMO Letters", "Journal of DEMO Studies", "Proceedings of the DEMO Conference", "DEMO Reviews");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final People people;
    private final Map<String, DemoPerson> byOrcid = new HashMap<>();
    private final ArrayNode completions = JSON.createArrayNode();

    DemoSources(People people) {
        this.people = people;
        people.list(Optional.empty()).forEach(person -> {
            byOrcid.put(orcid(person), person);
            section(person, "memberships").forEach(membership -> {
                ObjectNode item = completions.addObject();
                item.put(
                        "course",
                        "Introduction to " + membership.path("organization").asText());
                item.put("completed", membership.path("since").asText());
                item.putObject("user").put("orcid", orcid(person));
            });
        });
    }

    /** Made up from the id. */
    static String orcid(DemoPerson person) {
        int number = Math.floorMod(person.id().hashCode(), 100_000_000);
        return "0000-0000-%04d-%04d".formatted(number / 10_000, number % 10_000);
    }

    /** Everyone, in one array. */
    static byte[] staff(People people) throws IOException {
        ArrayNode staff = JSON.createArrayNode();
        for (DemoPerson person : people.list(Optional.empty())) {
            String name = JSON.readTree(person.item()).path("name").asText();
            int split = name.indexOf(' ') + 1;
            ObjectNode one = staff.addObject().put("key", person.id());
            one.put("first", name.substring(0, Math.max(0, split - 1))).put("last", name.substring(split));
            one.put("left", person.active() ? null : "2024-12-31")
                    .putObject("ids")
                    .put("orcid", orcid(person));
        }
        return utf8(staff);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().split("/", -1);
        String api = path.length > 2 ? path[2] : "";
        try {
            UrlQuery query = UrlQuery.parse(exchange.getRequestURI().getRawQuery());
            if (api.equals("works") && path.length == 4) {
                works(exchange, query);
            } else if (api.equals("directory") && path.length == 6) {
                offices(exchange, StringUtils.uriDecode(path[4], StandardCharsets.UTF_8), query);
            } else if (api.equals("graph") && path.length == 4) {
                projects(exchange);
            } else if (api.equals("learning") && path.length == 4) {
                completions(exchange, query);
            } else {
                send(exchange, 404, error("unknown path"));
            }
        } catch (IllegalArgumentException e) {
            send(exchange, 400, error(e.getMessage()));
        }
    }

    private void works(HttpExchange exchange, UrlQuery query) throws IOException {
        if (!query.text("api_key").filter(KEY::equals).isPresent()) {
            send(exchange, 401, error("needs the query parameter api_key=" + KEY));
            return;
        }
        ArrayNode patents = section(byOrcid.get(query.text("author").orElse("")), "patents");
        int limit = query.number("limit", 50);
        int from = query.number("cursor", 1) - 1;
        long end = (long) from + limit;
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        for (int i = from; i < Math.min(end, patents.size()); i++) {
            JsonNode patent = patents.get(i);
            String title = patent.path("title").asText();
            String date = patent.path("date").asText("");
            String venue = VENUES.get(Math.floorMod(title.hashCode(), VENUES.size()));
            results.addObject()
                    .put("title", "On " + title)
                    .put("year", date.length() < 4 ? null : Integer.valueOf(date.substring(0, 4)))
                    .putObject("venue")
                    .put("name", venue)
                    .put("type", venue.startsWith("Proc") ? "conference" : "journal");
        }
        answer.putObject("meta").put("next_cursor", end < patents.size() ? "" + (end + 1) : null);
        send(exchange, 200, answer);
    }

    private void offices(HttpExchange exchange, String id, UrlQuery query) throws IOException {
        String credentials =
                Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + credentials).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"demo\"");
            send(exchange, 401, error("needs the user " + USER + " with the password " + PASSWORD));
            return;
        }
        ArrayNode places = section(people.find(id).orElse(null), "geography");
        int page = query.number("page", 1);
        ArrayNode offices = JSON.createArrayNode();
        if (page <= places.size()) {
            String city = places.get(page - 1).path("city").asText();
            offices.addObject().put("building", city + " House").put("room", "" + (100 + page));
        }
        if (page < places.size()) {
            exchange.getResponseHeaders().set("Link", "<?page=" + (page + 1) + ">; rel=\"next\"");
        }
        send(exchange, 200, offices);
    }

    private void projects(HttpExchange exchange) throws IOException {
        if (!"POST".equals(exchange.getRequestMethod())) {
            send(exchange, 405, error("method not supported; use POST"));
            return;
        }
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        String id = request.at("/variables/person").asText();
        ObjectNode answer = JSON.createObjectNode();
        if (people.find(id).isEmpty()) {
            answer.putNull("data").putArray("errors").addObject().put("message", "unknown person");
        } else {
            ArrayNode projects = answer.putObject("data").putObject("person").putArray("projects");
            section(people.find(id).get(), "functions")
                    .forEach(function -> projects.addObject()
                            .put("title", function.path("title").asText())
                            .put("role", function.path("patents").asInt() > 1 ? "lead" : "member"));
        }
        send(exchange, 200, answer);
    }

    private void completions(HttpExchange exchange, UrlQuery query) throws IOException {
        int limit = query.number("limit", 100);
        int from = query.text("offset").filter("0"::equals).isPresent() ? 0 : query.number("offset", 1);
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode page = answer.putArray("completions");
        for (int i = from; i < Math.min((long) from + limit, completions.size()); i++) {
            page.add(completions.get(i));
        }
        send(exchange, 200, answer);
    }

    /** Empty for nobody. */
    private static ArrayNode section(DemoPerson person, String name) {
        byte[] section = person == null ? null : person.sections().get(name);
        try {
            return section != null && JSON.readTree(section).path(name) instanceof ArrayNode items
                    ? items
                    : JSON.createArrayNode();
        } catch (IOException e) {
            throw new IllegalStateException("The file has already been parsed as JSON", e);
        }
    }

    private static JsonNode error(String message) {
        return JSON.createObjectNode().put("error", message);
    }

    private static void send(HttpExchange exchange, int status, JsonNode json) throws IOException {
        byte[] body = utf8(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] utf8(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
