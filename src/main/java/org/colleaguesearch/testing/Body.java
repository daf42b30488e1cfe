package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A body as a test file has it, inline or in a file beside it. */
final class Body {
    private static final long LARGEST_FILE = 10_000_000;

    private Body() {}

    static boolean isIn(Part map) {
        return map.has("body") || map.has("body-file");
    }

    /** Where it is written. */
    static Part of(Part map) {
        return map.get(map.has("body") ? "body" : "body-file");
    }

    /**
     * A text node for text, anything else for JSON.
     *
     * @throws UnreadableTest when the file cannot be read
     */
    static JsonNode read(Part map) {
        return map.has("body-file")
                ? readFile(map.get("body-file"))
                : map.get("body").value();
    }

    private static JsonNode readFile(Part name) {
        Path file = name.file().path().resolveSibling(name.text());
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw name.wrong(file + " is larger than 10 MB");
            }
            String text = Files.readString(file);
            return file.toString().endsWith(".json") ? Json.parse(text) : Json.text(text);
        } catch (JsonProcessingException e) {
            throw name.wrong(file + " is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw name.wrong("cannot read " + file + ", which must be UTF-8 text: "
                    + e.getClass().getSimpleName());
        }
    }
}
