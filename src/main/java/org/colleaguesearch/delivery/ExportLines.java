package org.colleaguesearch.delivery;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;

/** The items of an export as JSON lines: {@code {"url":…,"item":…}}. */
final class ExportLines {
    static final String URL = "url";
    static final String ITEM = "item";

    /** A line nests one level deeper than the response it was read from, and must be readable again without loss. */
    static final ObjectMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    .rootValueSeparator("\n")
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2 * StreamReadConstraints.DEFAULT_MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(2 * StreamWriteConstraints.DEFAULT_MAX_DEPTH)
                            .build())
                    // A part holds the items of several URLs.
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ExportLines() {}

    /** Writes the items of a URL. */
    static void write(String url, JsonNode items, OutputStream out) throws IOException {
        try (JsonGenerator lines = JSON.createGenerator(out)) {
            for (JsonNode item : items) {
                lines.writeStartObject();
                lines.writeStringField(URL, url);
                lines.writeFieldName(ITEM);
                lines.writeTree(item);
                lines.writeEndObject();
            }
            if (!items.isEmpty()) {
                lines.writeRaw('\n');
            }
        }
    }
}
