package org.colleaguesearch.demo;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.colleaguesearch.failure.StartFailure;

/**
 * Reads people from a file with one JSON object per line; skips blank lines. Needs memory for one line besides the
 * result. Every error is a {@link StartFailure} that names the setting, the file, the line and the remedy.
 */
public final class PeopleFile {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;

    PeopleFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /**
     * Checks that a file can be read.
     *
     * @throws StartFailure when it cannot
     */
    public static void check(Path file) {
        new PeopleFile(file).read();
    }

    /**
     * Whether everyone in a file is made up, as in the shipped one.
     *
     * @throws StartFailure when it cannot be read
     */
    public static boolean hasOnlyMadeUpPeople(Path file) {
        return new PeopleFile(file).read().areMadeUp();
    }

    People read() {
        LinkedHashMap<String, DemoPerson> byId = new LinkedHashMap<>();
        int number = 0;
        // Latin-1 maps each byte to one char, so that a line with bytes that are not UTF-8 can be named.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String bytes = lines.readLine(); bytes != null; bytes = lines.readLine()) {
                number++;
                if (!bytes.isBlank()) {
                    DemoPerson person = parse(decode(bytes, number), number);
                    if (byId.putIfAbsent(person.id(), person) != null) {
                        throw wrongLine(number, "repeats the id \"" + person.id() + "\" of an earlier line", null);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            throw failure(file + " does not exist; set a file with one JSON object per line", e);
        } catch (IOException e) {
            throw failure(file + " cannot be read (" + e.getMessage() + "); set a readable file", e);
        }
        return new People(byId);
    }

    private String decode(String bytes, int number) {
        try {
            String line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
            // Some editors put a byte order mark before the first line.
            return number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
        } catch (CharacterCodingException e) {
            throw wrongLine(number, "is not UTF-8", e);
        }
    }

    private DemoPerson parse(String line, int number) {
        try (JsonParser parser = JSON.createParser(line)) {
            String id = null;
            String name = null;
            Boolean active = null;
            Map<String, String> lists = new HashMap<>();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw wrongLine(number, "is not a JSON object", null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (field) {
                    case "id" -> id = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                    case "name" -> name = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                    case "active" -> active = value.isBoolean() ? parser.getBooleanValue() : null;
                    default -> {
                        int start = (int) parser.currentTokenLocation().getCharOffset();
                        parser.skipChildren();
                        if (value == JsonToken.START_ARRAY) {
                            // Copied verbatim: parsing and writing it again could change numbers and escapes.
                            int end = (int) parser.currentLocation().getCharOffset();
                            lists.put(field, line.substring(start, end));
                        }
                    }
                }
            }
            if (parser.nextToken() != null) {
                throw wrongLine(number, "has text after its JSON object", null);
            }
            if (id == null || id.isEmpty()) {
                throw wrongLine(number, "has no \"id\" (a non-empty string)", null);
            }
            if (name == null) {
                throw wrongLine(number, "has no \"name\" (a string)", null);
            }
            if (active == null) {
                throw wrongLine(number, "has no \"active\" (true or false)", null);
            }
            return person(id, name, active, lists);
        } catch (JacksonException e) {
            throw wrongLine(number, "is not JSON (" + firstLine(e.getOriginalMessage()) + ")", e);
        } catch (IOException e) {
            throw new IllegalStateException("Reading from a string cannot fail", e);
        }
    }

    private static DemoPerson person(String id, String name, boolean active, Map<String, String> lists) {
        String idField = "{\"id\":" + quoted(id) + ",";
        Map<String, byte[]> sections = new HashMap<>();
        lists.forEach((section, list) ->
                sections.put(section, (idField + quoted(section) + ":" + list + "}").getBytes(StandardCharsets.UTF_8)));
        return new DemoPerson(id, active, idField + "\"name\":" + quoted(name) + "}", sections);
    }

    /** Returns the text as a JSON string. */
    static String quoted(String text) {
        return "\"" + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    private StartFailure wrongLine(int number, String what, Throwable cause) {
        return failure(
                "%s, line %d: %s; fix the line (one JSON object with id, name and active) or set another file"
                        .formatted(file, number, what),
                cause);
    }

    private static StartFailure failure(String message, Throwable cause) {
        return new StartFailure("colleagues.demo.people: " + message, cause);
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
