package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A body in a test file: inline, or in a separate file. */
final class Body {
    private static final long LARGEST_FILE = 10_000_000;

    private Body() {}

    static boolean isIn(Part map) {
        return map.has("body") || map.has("body-file");
    }

    /** The part that has it. */
    static Part of(Part map) {
        return map.get(map.has("body") ? "body" : "body-file");
    }

    /**
     * The body: a text node for text, any other node for JSON.
     *
     * @throws UnreadableTest when the file cannot be read
     */
    static JsonNode read(Part map) {
        return map.has("body-file")
                ? readFile(map.get("body-file"))
                : map.get("body").value();
    }

    private static JsonNode readFile(Part name) {
        try {
            Path file = name.file().path().resolveSibling(name.text());
            if (!Files.isRegularFile(file)) {
                throw name.wrong("file " + file + " does not exist; give its path relative to the test file");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw name.wrong(file + " is larger than 10 MB; use an excerpt");
            }
            String text = Files.readString(file);
            return file.toString().endsWith(".json") ? Json.parse(text) : Json.text(text);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw name.wrong(
                    "invalid JSON in " + name.text() + ", line " + place.getLineNr() + ": " + e.getOriginalMessage());
        } catch (CharacterCodingException e) {
            throw name.wrong(name.text() + " is not UTF-8: save it as UTF-8");
        } catch (IOException e) {
            throw name.wrong(name.text() + " cannot be read; check its permissions");
        } catch (InvalidPathException e) {
            throw name.wrong("invalid path: " + e.getReason());
        }
    }
}
