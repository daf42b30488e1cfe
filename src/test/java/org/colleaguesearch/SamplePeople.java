package org.colleaguesearch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** People in the format of the demo's file: {@code id}, {@code name}, {@code active} and a list for each section. */
final class SamplePeople {
    static final List<String> SECTIONS = List.of("functions", "geography", "memberships", "patents");

    private static final ObjectMapper JSON = new ObjectMapper();

    private SamplePeople() {}

    /** One JSON object per line. */
    static List<ObjectNode> read(Path file) {
        List<ObjectNode> people = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    people.add((ObjectNode) JSON.readTree(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return people;
    }

    static List<ObjectNode> active(List<ObjectNode> people) {
        return people.stream()
                .filter(person -> person.get("active").booleanValue())
                .toList();
    }

    /** Active people with ids {@code p0}, {@code p1} and so on; each has 0 to 3 items in a section. */
    static List<ObjectNode> madeUp(int count) {
        List<ObjectNode> people = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            people.add(person("p" + i, i));
        }
        return people;
    }

    /** An active person with {@code seed % 4} patents, and other numbers of items in the other sections. */
    static ObjectNode person(String id, int seed) {
        ObjectNode person = JSON.createObjectNode()
                .put("id", id)
                .put("name", "Person " + id)
                .put("active", true);
        ArrayNode patents = person.putArray("patents");
        for (int i = 0; i < seed % 4; i++) {
            patents.addObject()
                    .put("number", "US-" + seed + "-" + i)
                    .put("title", "A \"method\", and\nan apparatus " + i)
                    .put("date", "2020-01-0" + (i + 1))
                    .put("abstract", "=SUM(A1:A" + seed + ")");
        }
        person.putArray("memberships")
                .addObject()
                .put("organization", "Body " + seed % 7)
                .put("since", "2019-05");
        ArrayNode geography = person.putArray("geography");
        for (int i = 0; i < (seed + 1) % 3; i++) {
            geography.addObject().put("city", "Zürich").put("country", "CH").put("until", (String) null);
        }
        ArrayNode functions = person.putArray("functions");
        for (int i = 0; i < (seed + 2) % 4; i++) {
            functions
                    .addObject()
                    .put("code", "H01M " + i)
                    .put("title", "Function " + i)
                    .put("patents", seed);
        }
        return person;
    }

    /** The items of a section of all people. */
    static long items(List<ObjectNode> people, String section) {
        return people.stream().mapToLong(person -> person.get(section).size()).sum();
    }
}
