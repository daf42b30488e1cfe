package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.colleaguesearch.delivery.Outcomes.failed;
import static org.colleaguesearch.delivery.Outcomes.fetched;
import static org.colleaguesearch.delivery.Outcomes.json;

import jakarta.json.stream.JsonGenerator;
import java.io.StringWriter;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.junit.jupiter.api.Test;
import org.opensearch.client.json.jackson.JacksonJsonpMapper;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.OperationType;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;

class DocumentsTest {
    private final Documents documents = new Documents();

    @Test
    void makesOnePartialUpsertAFetchedUrlInOrder() {
        List<UpdateOperation<Map<String, Object>>> updates = documents.of(Outcomes.of(
                1, fetched("b", "[{\"title\":\"B\"}]"), failed("x", "HTTP 404", 404, 1), fetched("a/ä", "[]")));

        assertThat(updates).hasSize(2);
        assertThat(lines(updates.get(0)))
                .containsExactly(
                        "{\"_id\":\"b\",\"retry_on_conflict\":10}",
                        "{\"doc_as_upsert\":true,\"doc\":{\"active\":true,\"id\":\"b\",\"name\":\"Name of b\","
                                + "\"patents\":[{\"title\":\"B\"}]}}");
        assertThat(json(lines(updates.get(1)).get(1)).at("/doc/patents")).isEqualTo(json("[]"));
        assertThat(json(lines(updates.get(1)).get(0)).at("/_id").textValue()).isEqualTo("a/ä");
    }

    @Test
    void makesNoUpdateOfChunkWithoutSections() {
        assertThat(documents.of(Outcomes.of(1, failed("x", "HTTP 404", 404, 1))))
                .isEmpty();
    }

    @Test
    void leavesOutcomesAsTheyAreWhenAllWereTaken() {
        ChunkOutcomes chunk = Outcomes.of(1, fetched("a", "[]"), failed("x", "HTTP 404", 404, 1), fetched("b", "[]"));

        assertThat(documents.taken(chunk, List.of(good(), good()))).isEqualTo(chunk);
    }

    @Test
    void makesFailureOfEachRefusedItemAndOfNoOther() {
        Fetched first = fetched("a", "[]");
        Failed second = failed("x", "HTTP 404", 404, 1);
        Fetched third = fetched("b", "[]");
        Fetched fourth = new Fetched(third.call(), third.section(), 4);

        ChunkOutcomes checked = documents.taken(
                Outcomes.of(1, first, second, third, fourth),
                List.of(good(), refused("mapper_parsing_exception", "object mapping tried to parse"), good()));

        assertThat(checked.outcomes())
                .containsExactly(
                        first,
                        second,
                        new Failed(
                                third.call(),
                                "OpenSearch refused the document: mapper_parsing_exception: object mapping tried to parse",
                                200,
                                1),
                        fourth);
    }

    @Test
    void givesReasonOfRefusalInOneLine() {
        ChunkOutcomes checked = documents.taken(
                Outcomes.of(1, fetched("a", "[]")),
                List.of(refused("illegal_argument_exception", "line one\r\nline two\n" + "x".repeat(100_000))));

        assertThat(checked.failed())
                .extracting(Failed::reason)
                .allSatisfy(reason -> assertThat(reason).hasLineCount(1).hasSizeLessThan(1000));
    }

    @Test
    void doesNotGuessWhenItemsAndOutcomesDiffer() {
        ChunkOutcomes chunk = Outcomes.of(1, fetched("a", "[]"), fetched("b", "[]"));

        assertThatIllegalStateException()
                .isThrownBy(() -> documents.taken(chunk, List.of(good())))
                .withMessage("OpenSearch answered 1 items to a bulk request of 2");
    }

    @Test
    void makesFailuresOfAllThatWasFetchedWhenTheRequestFailed() {
        Failed known = failed("x", "HTTP 404", 404, 1);
        ChunkOutcomes chunk = Outcomes.of(1, fetched("a", "[]"), known, fetched("b", "[]"));

        List<Outcome> outcomes = documents
                .notTaken(chunk, new ConnectException("Connection refused"))
                .outcomes();

        assertThat(outcomes).element(1).isEqualTo(known);
        assertThat(List.of(outcomes.get(0), outcomes.get(2)))
                .extracting(outcome -> outcome.call().person().id(), outcome -> ((Failed) outcome).reason())
                .containsExactly(
                        tuple("a", "not indexed: cannot connect: Connection refused"),
                        tuple("b", "not indexed: cannot connect: Connection refused"));
    }

    private static BulkResponseItem good() {
        return BulkResponseItem.of(item ->
                item.operationType(OperationType.Update).index("people-v1").status(200));
    }

    private static BulkResponseItem refused(String type, String reason) {
        return BulkResponseItem.of(item -> item.operationType(OperationType.Update)
                .index("people-v1")
                .status(400)
                .error(error -> error.type(type).reason(reason)));
    }

    /** The operation as lines of a bulk request, with the fields of the document sorted. */
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
