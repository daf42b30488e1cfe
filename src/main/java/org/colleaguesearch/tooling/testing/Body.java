package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
        try {
            Path file = name.file().path().resolveSibling(name.text());
            if (!Files.isRegularFile(file)) {
                throw name.wrong("there is no file " + file + ": write its path from where this one is");
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw name.wrong(file + " is larger than 10 MB: take a part of it");
            }
            String text = Files.readString(file);
            return file.toString().endsWith(".json") ? Json.parse(text) : Json.text(text);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw name.wrong(
                    name.text() + " is not JSON, in line " + place.getLineNr() + ": " + e.getOriginalMessage());
        } catch (CharacterCodingException e) {
            throw name.wrong(name.text() + " is not UTF-8: save it as UTF-8");
        } catch (IOException e) {
            throw name.wrong(name.text() + " cannot be read: may it be?");
        } catch (InvalidPathException e) {
            throw name.wrong("this is no path: " + e.getReason());
        }
    }
}
