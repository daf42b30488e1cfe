package org.colleaguesearch.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
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
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.web.ProblemException.Fault;

/**
 * The JSON of a request, read more strictly than a route would.
 *
 * @param text as it came
 */
record JsonBody(String text, JsonNode tree) {
    private static final String NO_JSON = "the body is no JSON";

    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(50)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a body of up to {@code max} bytes, block by block, with a place in flight for each.
     *
     * @throws ProblemException if it is too large, or no JSON
     * @throws IOException when the client goes away
     */
    static JsonBody read(HttpServletRequest request, long max, InFlight.Request inFlight) throws IOException {
        if (request.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        InputStream in = request.getInputStream();
        for (byte[] block = in.readNBytes(InFlight.BLOCK); block.length > 0; block = in.readNBytes(InFlight.BLOCK)) {
            if (body.size() > 0) {
                inFlight.grow();
            }
            body.write(block);
            if (body.size() > max) {
                throw tooLarge(max);
            }
        }
        return parse(body.toByteArray());
    }

    private static ProblemException tooLarge(long max) {
        return new ProblemException(413, "the body has more than " + max + " bytes");
    }

    private static JsonBody parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(400, NO_JSON + ": it is no UTF-8");
        }
        if (text.isBlank()) {
            throw new ProblemException(400, "a body is required");
        }
        JsonNode tree;
        try {
            tree = STRICT.readTree(text);
        } catch (StreamConstraintsException e) {
            throw new ProblemException(400, "the body is nested too deeply, or has a number that is too long");
        } catch (JsonProcessingException e) {
            throw new ProblemException(400, NO_JSON + where(e));
        }
        // Only an escape can make such texts of good UTF-8.
        if (text.contains("\\u")) {
            List<Fault> faults = new ArrayList<>();
            Texts.find(tree, JsonPointer.empty(), faults);
            if (!faults.isEmpty()) {
                throw new ProblemException(400, "the body has texts that cannot be stored", faults);
            }
        }
        return new JsonBody(text, tree);
    }

    /** Jackson's own message would tell its inner names. */
    private static String where(JsonProcessingException problem) {
        JsonLocation location = problem.getLocation();
        String why = problem.getOriginalMessage().startsWith("Duplicate field") ? " (a name is there twice)" : "";
        return location == null
                ? why
                : ", at line " + location.getLineNr() + ", column " + location.getColumnNr() + why;
    }
}
