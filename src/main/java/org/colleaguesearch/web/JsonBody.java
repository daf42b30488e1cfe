package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/**
 * The JSON body of a request, read more strictly than a route would.
 *
 * @param text as it came
 */
record JsonBody(String text, JsonNode tree) {
    private static final String NOT_JSON = "the body is not JSON";

    /** The time limit of a whole body, in read time-outs: a slow drip of bytes never exceeds those. */
    static final int READS = 6;

    private static final int LONGEST_TEXT = 64_000;

    /** More than any operation has. Each unknown field is a fault. */
    private static final int MOST_NAMES = 1000;

    /**
     * Bytes of heap that a byte of a body can take. While it is read and decoded: twice in a buffer that grows, twice as
     * text of UTF-16, and that once more while it is made. Later: twice as text, and twice in the tree.
     */
    private static final int MEMORY_OF_BYTE = 6;

    /** Bytes of heap that a value takes in a tree, by much the most an empty object, with its entry in a list. */
    private static final int MEMORY_OF_VALUE = 100;

    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(50)
                            .maxStringLength(LONGEST_TEXT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a body of up to {@code max} bytes, and takes places in flight for the memory of it and of its tree.
     *
     * @throws ProblemException if it is too large, too slow or not JSON, or if there are no places
     * @throws IOException when the client goes away
     */
    static JsonBody read(HttpServletRequest request, long max, Duration readTimeout, InFlight.Request inFlight)
            throws IOException {
        if (request.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = request.getInputStream();
        byte[] block = new byte[8192];
        Duration longest = readTimeout.multipliedBy(READS);
        long start = System.nanoTime();
        for (int length = in.read(block); length >= 0; length = in.read(block)) {
            inFlight.take((long) length * MEMORY_OF_BYTE);
            body.write(block, 0, length);
            if (body.size() > max) {
                throw tooLarge(max);
            }
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new ProblemException(408, "the body took longer than " + longest.toSeconds() + " s");
            }
        }
        return parse(body.toByteArray(), inFlight);
    }

    private static ProblemException tooLarge(long max) {
        return new ProblemException(413, "the body has more than " + max + " bytes");
    }

    private static JsonBody parse(byte[] bytes, InFlight.Request inFlight) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(400, NOT_JSON + ": it is not UTF-8");
        }
        if (text.isBlank()) {
            throw new ProblemException(400, "a body is required");
        }
        JsonNode tree;
        try (JsonParser parser = new CountedParser(STRICT.createParser(text), inFlight)) {
            tree = STRICT.readTree(parser);
        } catch (StreamConstraintsException e) {
            throw new ProblemException(
                    400,
                    "the body is nested too deeply, or has a number that is too long, or a text of more than "
                            + LONGEST_TEXT + " characters");
        } catch (JsonProcessingException e) {
            throw new ProblemException(400, NOT_JSON + where(e));
        }
        // In valid UTF-8 only an escape can produce such text.
        if (text.contains("\\u")) {
            List<Fault> faults = new ArrayList<>();
            Texts.find(tree, JsonPointer.empty(), faults);
            if (!faults.isEmpty()) {
                throw new ProblemException(400, "the body has text that cannot be stored", faults);
            }
        }
        return new JsonBody(text, tree);
    }

    /** Takes places for the values of a tree before they are created. */
    private static final class CountedParser extends JsonParserDelegate {
        private final InFlight.Request inFlight;
        private int names;

        CountedParser(JsonParser parser, InFlight.Request inFlight) {
            super(parser);
            this.inFlight = inFlight;
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            inFlight.take(MEMORY_OF_VALUE);
            if (token == JsonToken.FIELD_NAME && ++names > MOST_NAMES) {
                throw new ProblemException(400, "the body has more than " + MOST_NAMES + " fields");
            }
            return token;
        }
    }

    /** Jackson's own message would reveal class names. */
    private static String where(JsonProcessingException problem) {
        JsonLocation location = problem.getLocation();
        String why = problem.getOriginalMessage().startsWith("Duplicate field") ? " (duplicate field name)" : "";
        return location == null
                ? why
                : ", at line " + location.getLineNr() + ", column " + location.getColumnNr() + why;
    }
}
