package org.colleaguesearch.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A page of a demo person's publications: nested like those of a public API, and always made up of the same patents of
 * the person.
 *
 * @param page from 1
 * @param perPage works per page, 1 to {@value #LARGEST}
 */
record Works(String author, int page, int perPage) {
    private static final int LARGEST = 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VENUES =
            List.of("DEMO Letters", "Journal of DEMO Studies", "Proceedings of the DEMO Conference", "DEMO Reviews");

    /** @throws IllegalArgumentException for an invalid value, which the message names */
    static Works parse(String query) {
        UrlQuery parsed = UrlQuery.parse(query);
        return new Works(
                parsed.text("author").orElseThrow(() -> new IllegalArgumentException("author must be a person's id")),
                parsed.number("page", 1),
                Math.min(parsed.number("per-page", LARGEST), LARGEST));
    }

    /** Returns the page of this person's works, JSON as UTF-8; past the end, one without results. */
    byte[] answer(DemoPerson person) {
        JsonNode patents = patents(person);
        long start = (page - 1L) * perPage;
        long end = Math.min(start + perPage, patents.size());
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("meta")
                .put("count", patents.size())
                .put("page", page)
                .put("next", end < patents.size() ? next() : null);
        ArrayNode results = answer.putArray("results");
        for (long i = start; i < end; i++) {
            add(results, patents.get((int) i));
        }
        return answer.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode patents(DemoPerson person) {
        byte[] section = person.sections().get("patents");
        try {
            return section == null
                    ? JSON.createArrayNode()
                    : JSON.readTree(section).path("patents");
        } catch (IOException e) {
            throw new IllegalStateException("The file has already been parsed as JSON", e);
        }
    }

    private void add(ArrayNode results, JsonNode patent) {
        String title = patent.path("title").asText("Untitled");
        String venue = VENUES.get(Math.floorMod(title.hashCode(), VENUES.size()));
        ObjectNode result = results.addObject();
        ObjectNode work = result.putObject("work").put("title", "On " + title);
        String date = patent.path("date").asText("");
        if (date.matches("\\d{4}-.*")) {
            work.put("year", Integer.parseInt(date.substring(0, 4)));
        } else {
            work.putNull("year");
        }
        work.putObject("venue").put("name", venue).put("type", venue.startsWith("Proc") ? "conference" : "journal");
        result.putArray("authors").addObject().put("id", author);
    }

    private String next() {
        return "/works?author=" + URLEncoder.encode(author, StandardCharsets.UTF_8) + "&page=" + (page + 1)
                + "&per-page=" + perPage;
    }
}
