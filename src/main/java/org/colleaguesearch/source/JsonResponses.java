package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.springframework.stereotype.Component;

/** Parses JSON responses exactly or not at all: no number is rounded, no key dropped. Stateless. */
@Component("jsonResponses")
public class JsonResponses {
    private static final ObjectMapper JSON = JsonMapper.builder()
            // By default Jackson reads the first of several documents and the last of several values of a key.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** The message for a response without content. */
    static final String EMPTY = "the response is empty";

    private static final int LONGEST_KEY = 100;

    /**
     * Parses a response.
     *
     * @param response null for a response without a body
     * @param charset from the Content-Type; null for none, which means UTF-8 (RFC 8259, section 8.1), or UTF-16 or
     *     UTF-32 if the first bytes show it
     * @throws com.fasterxml.jackson.core.JacksonException when it is not JSON or cannot be parsed exactly
     */
    public JsonNode read(InputStream response, @ExchangeProperty(Exchange.CHARSET_NAME) String charset)
            throws IOException {
        JsonNode tree = null;
        try (InputStream in = response == null ? InputStream.nullInputStream() : response;
                InputStream readable = ResponseMemory.readable(in);
                JsonParser parser = parser(readable, charset)) {
            tree = read(parser);
            return tree;
        } catch (CharacterCodingException e) {
            throw new UnreadableResponse("the response is not valid " + charset + ", the charset in its Content-Type");
        } finally {
            if (tree == null) {
                ResponseMemory.giveBack();
            }
        }
    }

    private static JsonNode read(JsonParser parser) throws IOException {
        try {
            JsonNode tree = JSON.readTree(parser);
            if (tree == null) {
                throw MismatchedInputException.from(parser, JsonNode.class, EMPTY);
            }
            return tree;
        } catch (MismatchedInputException e) {
            if (e.getOriginalMessage().contains(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY.name())) {
                throw new UnreadableResponse(
                        "the response has the duplicate key '" + printable(parser.currentName()) + "'");
            }
            throw e;
        } catch (StreamConstraintsException e) {
            throw new UnreadableResponse(
                    "the response is nested too deeply, or has a number, string or key that is too long: "
                            + firstLine(e));
        } catch (JsonParseException e) {
            if (e.getOriginalMessage().startsWith("Invalid UTF-8")) {
                throw new UnreadableResponse(
                        "the response is not valid UTF-8, and its Content-Type names no other charset");
            }
            throw e;
        }
    }

    private static JsonParser parser(InputStream response, String charset) throws IOException {
        if (charset == null || charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("utf8")) {
            return JSON.createParser(response);
        }
        Charset known;
        try {
            known = Charset.forName(charset);
        } catch (IllegalArgumentException e) {
            throw new UnreadableResponse("unsupported charset of the response: " + printable(charset));
        }
        // An explicit decoder fails on invalid bytes; a reader made from the charset would turn them into U+FFFD.
        return StandardCharsets.US_ASCII.equals(known)
                ? JSON.createParser(response)
                : JSON.createParser(new InputStreamReader(response, known.newDecoder()));
    }

    /** Jackson's messages about size limits do not quote the response. */
    private static String firstLine(JsonProcessingException failure) {
        return ApiFailures.firstLine(failure.getOriginalMessage());
    }

    private static String printable(String text) {
        String safe = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return safe.length() > LONGEST_KEY ? safe.substring(0, LONGEST_KEY) + "…" : safe;
    }
}
