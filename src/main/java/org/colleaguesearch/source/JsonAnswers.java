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

/** Reads the JSON of answers, all of it or none: no number is rounded, no key is dropped. Stateless. */
@Component("jsonAnswers")
public class JsonAnswers {
    private static final ObjectMapper JSON = JsonMapper.builder()
            // Else Jackson reads the first of several texts, and the last of several values of a key.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** The message of the failure to read an answer without any content. */
    static final String EMPTY = "the answer is empty";

    private static final int LONGEST_KEY = 100;

    /**
     * Reads an answer.
     *
     * @param answer null for an answer without a body
     * @param charset of its Content-Type; null for none, which means UTF-8 (RFC 8259, section 8.1), or UTF-16 or
     *     UTF-32 where the first bytes show it
     * @throws com.fasterxml.jackson.core.JacksonException when it is no JSON, or cannot be taken as it is
     */
    public JsonNode read(InputStream answer, @ExchangeProperty(Exchange.CHARSET_NAME) String charset)
            throws IOException {
        JsonNode tree = null;
        try (InputStream in = answer == null ? InputStream.nullInputStream() : answer;
                InputStream readable = AnswerMemory.readable(in);
                JsonParser parser = parser(readable, charset)) {
            tree = read(parser);
            return tree;
        } catch (CharacterCodingException e) {
            throw new UnreadableAnswer("the answer is not in " + charset + ", as its Content-Type says");
        } finally {
            if (tree == null) {
                AnswerMemory.giveBack();
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
                throw new UnreadableAnswer("the answer has the key '" + printable(parser.currentName()) + "' twice");
            }
            throw e;
        } catch (StreamConstraintsException e) {
            throw new UnreadableAnswer(
                    "the answer is nested too deeply, or a number, text or key in it is too long: " + firstLine(e));
        } catch (JsonParseException e) {
            if (e.getOriginalMessage().startsWith("Invalid UTF-8")) {
                throw new UnreadableAnswer(
                        "the answer is not in UTF-8, as JSON must be, and its Content-Type names no other charset");
            }
            throw e;
        }
    }

    private static JsonParser parser(InputStream answer, String charset) throws IOException {
        if (charset == null || charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("utf8")) {
            return JSON.createParser(answer);
        }
        Charset known;
        try {
            known = Charset.forName(charset);
        } catch (IllegalArgumentException e) {
            throw new UnreadableAnswer("the charset of the answer cannot be read: " + printable(charset));
        }
        // A decoder of its own stops at bytes that mean nothing, where that of a charset's name makes them U+FFFD.
        return StandardCharsets.US_ASCII.equals(known)
                ? JSON.createParser(answer)
                : JSON.createParser(new InputStreamReader(answer, known.newDecoder()));
    }

    /** Jackson's messages of what is too large quote nothing of the answer. */
    private static String firstLine(JsonProcessingException failure) {
        return ApiFailures.firstLine(failure.getOriginalMessage());
    }

    private static String printable(String text) {
        String safe = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
        return safe.length() > LONGEST_KEY ? safe.substring(0, LONGEST_KEY) + "…" : safe;
    }
}
