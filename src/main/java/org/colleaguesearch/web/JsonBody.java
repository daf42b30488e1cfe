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
 * The JSON body of a request, parsed more strictly than by a route.
 *
 * @param text the unchanged body
 */
record JsonBody(String text, JsonNode tree) {
    private static final String NOT_JSON = "the body is not JSON";

    /** The time limit of a whole body, in read time-outs: a slow trickle of bytes never exceeds a read time-out. */
    static final int READS = 6;

    private static final int MAX_TEXT_LENGTH = 64_000;

    /** More fields than any operation has. Each unknown field is a fault. */
    private static final int MAX_FIELDS = 1000;

    /**
     * Bytes of heap per byte of a body. While it is read and decoded: two in a growing buffer, two as UTF-16 text, and two
     * more while that text is built. Later: two as text, and two in the tree.
     */
    private static final int MEMORY_OF_BYTE = 6;

    /** Bytes of heap per value in a tree. An empty object, with its entry in a list, takes by far the most. */
    private static final int MEMORY_OF_VALUE = 100;

    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(50)
                            .maxStringLength(MAX_TEXT_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a body of up to {@code max} bytes, and takes places in flight for the memory of the body and its tree.
     *
     * @throws ProblemException if the body is too large, too slow or not JSON, or if too few places are free
     * @throws IOException if the client disconnects
     */
    static JsonBody read(HttpServletRequest request, long max, Duration readTimeout, InFlight.Request inFlight)
            throws IOException {
        if (request.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = request.getInputStream();
        byte[] block = new byte[8192];
        Duration limit = readTimeout.multipliedBy(READS);
        long start = System.nanoTime();
        for (int length = in.read(block); length >= 0; length = in.read(block)) {
            inFlight.take((long) length * MEMORY_OF_BYTE);
            body.write(block, 0, length);
            if (body.size() > max) {
                throw tooLarge(max);
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new ProblemException(408, "the body did not arrive within " + limit.toSeconds() + " s");
            }
        }
        return parse(body.toByteArray(), inFlight);
    }

    private static ProblemException tooLarge(long max) {
        return new ProblemException(413, "the body is larger than " + max + " bytes");
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
                    "the body is nested too deeply, or has a number that is too long, or a string longer than "
                            + MAX_TEXT_LENGTH + " characters");
        } catch (JsonProcessingException e) {
            throw new ProblemException(400, NOT_JSON + where(e));
        }
        // In valid UTF-8, only an escape can produce such text.
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
        private int fields;

        CountedParser(JsonParser parser, InFlight.Request inFlight) {
            super(parser);
            this.inFlight = inFlight;
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            inFlight.take(MEMORY_OF_VALUE);
            if (token == JsonToken.FIELD_NAME && ++fields > MAX_FIELDS) {
                throw new ProblemException(400, "the body has more than " + MAX_FIELDS + " fields");
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
