package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Outcomes.fetched;
import static org.colleaguesearch.delivery.Outcomes.json;

import jakarta.json.stream.JsonGenerator;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Fetched;
import org.junit.jupiter.api.Test;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;

class DocumentsTest {
    private final Documents documents = new Documents();

    @Test
    void makesOnePartialUpsertPerSectionInOrder() {
        List<Fetched> sections = List.of(fetched("b", "[{\"title\":\"B\"}]"), fetched("a/ä", "[]"));
        BulkDelivery delivery = new BulkDelivery(Outcomes.of(1), 0, List.of());

        List<UpdateOperation<Map<String, Object>>> updates = documents.of(delivery, sections);

        assertThat(updates).hasSize(2);
        assertThat(lines(updates.get(0)))
                .containsExactly(
                        "{\"_id\":\"b\",\"retry_on_conflict\":10}",
                        "{\"doc_as_upsert\":true,\"doc\":{\"active\":true,\"fetched\":{\"patents\":{"
                                + "\"at\":\"" + delivery.began() + "\",\"batch\":\"batch\"}},"
                                + "\"id\":\"b\",\"name\":\"Name of b\","
                                + "\"patents\":[{\"title\":\"B\"}]}}");
        assertThat(json(lines(updates.get(1)).get(1)).at("/doc/patents")).isEqualTo(json("[]"));
        assertThat(json(lines(updates.get(1)).get(0)).at("/_id").textValue()).isEqualTo("a/ä");
    }

    /** The lines of the operation in a bulk request, with the fields of the document sorted. */
    private static List<String> lines(UpdateOperation<Map<String, Object>> update) {
        JacksonJsonpMapper mapper = new JacksonJsonpMapper();
        mapper.objectMapper()
                .configure(com.fasterxml.jackson.databind.SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
        List<String> lines = new ArrayList<>();
        update._serializables().forEachRemaining(part -> {
            StringWriter line = new StringWriter();
            try (JsonGenerator generator = mapper.jsonProvider().createGenerator(line)) {
                mapper.serialize(part, generator);
            }
            lines.add(line.toString());
        });
        return lines;
    }
}
