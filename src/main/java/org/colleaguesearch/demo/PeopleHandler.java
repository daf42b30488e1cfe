package org.colleaguesearch.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.util.StringUtils;

/** Responds to requests as the people API; see {@link DemoApi}. */
final class PeopleHandler implements HttpHandler {
    private final People people;

    PeopleHandler(People people) {
        this.people = people;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!"GET".equals(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, 405, error("method not supported; use GET"));
                return;
            }
            URI url = exchange.getRequestURI();
            // The raw path: in the decoded one, a slash in an id would look like a separator.
            String[] parts = url.getRawPath().split("/", -1);
            if (parts.length == 2 && parts[1].equals("people")) {
                sendPage(exchange, url.getRawQuery());
            } else if (parts.length == 4 && parts[1].equals("people")) {
                sendSection(exchange, decoded(parts[2]), decoded(parts[3]));
            } else if (parts.length == 2 && parts[1].equals("staff")) {
                send(exchange, 200, DemoSources.staff(people));
            } else {
                send(exchange, 404, error("unknown path; expected /people, /people/{id}/{section} or /staff"));
            }
        }
    }

    private void sendPage(HttpExchange exchange, String query) throws IOException {
        PageRequest request;
        try {
            request = PageRequest.parse(query);
        } catch (IllegalArgumentException e) {
            send(exchange, 400, error(e.getMessage()));
            return;
        }
        send(exchange, 200, utf8(request.answer(people.list(request.active()))));
    }

    private void sendSection(HttpExchange exchange, String id, String section) throws IOException {
        Optional<DemoPerson> person = people.find(id);
        if (person.isEmpty()) {
            send(exchange, 404, error("unknown person '" + id + "'"));
            return;
        }
        byte[] answer = person.get().sections().get(section);
        if (answer == null) {
            send(exchange, 404, error("person '" + id + "' has no section '" + section + "'"));
            return;
        }
        send(exchange, 200, answer);
    }

    private static void send(HttpExchange exchange, int status, byte[] json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        if ("HEAD".equals(exchange.getRequestMethod())) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json);
    }

    /** Decodes once, and keeps {@code +}, which means a space in queries only. */
    private static String decoded(String pathPart) {
        return StringUtils.uriDecode(pathPart, StandardCharsets.UTF_8);
    }

    private static byte[] error(String message) {
        return utf8("{\"error\":" + PeopleFile.quoted(message) + "}");
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
