package org.colleaguesearch.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.colleaguesearch.delivery.IndexRequests;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.indexing.SearchedSections;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.RestClient;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;
import org.opensearch.client.opensearch.core.bulk.UpdateOperation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * The work of giving the items in the index their meaning. What is left to do is what the index says: items that have a text
 * and no vector. So nothing is lost when the application is killed, and nothing is done twice: a delivery keeps the meaning of
 * an item whose texts are as before, and drops it otherwise.
 *
 * <p>The one thread of a timer asks for pages and reports what became of them; the threads of a pool work on people. They share
 * the cache, which is locked for a look alone, and the counters, which are atomic.
 */
@Component("vectors")
public class Vectors {
    private static final Logger LOG = LoggerFactory.getLogger(Vectors.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The key in the meaning of an item: what finds the nearest of its sentences. */
    static final String SENTENCES = "sentences";

    private static final String VECTOR = "vector";

    /** People in a page: a few seconds of work. */
    private static final int PAGE = 10;

    /** How long a turn takes at most, so that edited routes soon take over. */
    private static final Duration TURN = Duration.ofSeconds(9);

    /** How often progress is logged. */
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** Texts whose meaning is remembered: colleagues have items in common. About 1 KB each. */
    private static final int REMEMBERED = 10_000;

    private final SearchedSections sections;
    private final TextModel model;
    private final ObjectProvider<RestClient> client;
    private final String alias;
    private final Map<List<String>, ObjectNode> remembered =
            Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<List<String>, ObjectNode> eldest) {
                    return size() > REMEMBERED;
                }
            });
    private final Counter texts;
    private final AtomicLong left = new AtomicLong();

    private String after = "";
    private long turnEnds;
    private long lastLogged;
    private boolean isWorking;
    private boolean isFailing;

    /** @param client absent unless chunks are delivered to OpenSearch */
    Vectors(
            SearchedSections sections,
            TextModel model,
            ObjectProvider<RestClient> client,
            Settings settings,
            MeterRegistry registry) {
        this.sections = sections;
        this.model = model;
        this.client = client;
        this.alias = settings.opensearch().alias();
        this.texts = Counter.builder("colleagues.vectors")
                .description("Texts whose meaning was computed")
                .register(registry);
        Gauge.builder("colleagues.vectors.pending", left, AtomicLong::doubleValue)
                .description("People with texts whose meaning is not computed yet")
                .register(registry);
    }

    /** A person in the index with items that lack their meaning: the sections that are searched by meaning. */
    public record Pending(String id, long seqNo, long primaryTerm, ObjectNode source) {}

    /** Begins a turn: the first page of people. */
    public List<Pending> first() throws IOException {
        turnEnds = System.nanoTime() + TURN.toNanos();
        return next();
    }

    /** The next page of people, by id; empty at the end of the turn, or if nobody is left. */
    public List<Pending> next() throws IOException {
        if (System.nanoTime() - turnEnds > 0) {
            return List.of();
        }
        List<Searched> searched = sections.all().stream()
                .filter(section -> !section.meaning().isEmpty())
                .toList();
        if (searched.isEmpty()) {
            return List.of();
        }
        JsonNode found = new IndexRequests(client.getObject()).call("POST", "/" + alias + "/_search", query(searched));
        isFailing = false;
        List<Pending> page = new ArrayList<>();
        for (JsonNode hit : found.at("/hits/hits")) {
            after = hit.at("/sort/0").asText();
            page.add(new Pending(
                    hit.path("_id").asText(),
                    hit.path("_seq_no").asLong(),
                    hit.path("_primary_term").asLong(),
                    (ObjectNode) hit.path("_source")));
        }
        long all = found.at("/hits/total/value").asLong();
        if (page.isEmpty()) {
            // Those of the pages before may still be in the search, until OpenSearch refreshes it: look again at the
            // next turn.
            if (after.isEmpty()) {
                done();
            }
            after = "";
        } else {
            log(all);
        }
        return page;
    }

    private void log(long people) {
        left.set(people);
        if (!isWorking || System.nanoTime() - lastLogged > EVERY.toNanos()) {
            LOG.info(
                    "computing the meaning of texts of {} people; searches find the others by words meanwhile", people);
            lastLogged = System.nanoTime();
        }
        isWorking = true;
    }

    private void done() {
        left.set(0);
        if (isWorking) {
            LOG.info("the meaning of all texts is computed: {} since the start", (long) texts.count());
        }
        isWorking = false;
    }

    private ObjectNode query(List<Searched> searched) {
        ObjectNode query = JSON.createObjectNode().put("size", PAGE).put("seq_no_primary_term", true);
        query.put("track_total_hits", true);
        query.putArray("sort").addObject().put("id", "asc");
        if (!after.isEmpty()) {
            query.putArray("search_after").add(after);
        }
        ArrayNode source = query.putArray("_source");
        ArrayNode any = query.withObject("/query/bool").putArray("should");
        for (Searched section : searched) {
            source.add(section.section());
            ObjectNode nested = any.addObject().putObject("nested");
            nested.put("path", section.section()).put("ignore_unmapped", true);
            ObjectNode item = nested.withObject("/query/bool");
            ObjectNode hasText = item.putArray("filter").addObject();
            ArrayNode texts = hasText.withObject("/bool").putArray("should");
            section.meaning()
                    .forEach(field -> texts.addObject().putObject("exists").put("field", section.path(field)));
            ObjectNode vector = item.putArray("must_not").addObject().putObject("nested");
            vector.put("path", section.meaningPath());
            vector.withObject("/query/exists").put("field", section.meaningPath() + "." + VECTOR);
        }
        return query;
    }

    /**
     * Computes what a person lacks.
     *
     * @return an update that OpenSearch refuses if anything else has changed the person since
     * @throws IllegalStateException if the model cannot run on this machine
     */
    public UpdateOperation<ObjectNode> update(Pending person) {
        for (Searched section : sections.all()) {
            JsonNode items = person.source().path(section.section());
            for (JsonNode item : items.isArray() ? items : List.of(items)) {
                if (item instanceof ObjectNode object
                        && !section.meaning().isEmpty()
                        && !object.path(Searched.MEANING).has(VECTOR)) {
                    List<String> sentences = Sentences.of(object, section.meaning());
                    if (!sentences.isEmpty()) {
                        object.set(Searched.MEANING, meaning(sentences));
                    }
                }
            }
        }
        return new UpdateOperation.Builder<ObjectNode>()
                .id(person.id())
                .ifSeqNo(person.seqNo())
                .ifPrimaryTerm(person.primaryTerm())
                .document(person.source())
                .build();
    }

    private ObjectNode meaning(List<String> sentences) {
        ObjectNode known = remembered.get(sentences);
        if (known != null) {
            return known;
        }
        Meant meant = model.of(sentences);
        texts.increment();
        ObjectNode meaning = JSON.createObjectNode();
        ArrayNode vector = meaning.putArray(VECTOR);
        for (int each : meant.vector()) {
            vector.add(each);
        }
        meaning.put(SENTENCES, meant.differences());
        remembered.put(sentences, meaning);
        return meaning;
    }

    /** Reports what became of the updates. A person who was changed meanwhile is on a later page again. */
    public void answered(List<BulkResponseItem> items) {
        for (BulkResponseItem item : items) {
            if (item.error() != null && item.status() != 409 && item.status() != 404) {
                throw new IllegalStateException("OpenSearch refused the meaning of texts of " + item.id() + ": "
                        + item.error().reason());
            }
        }
    }

    /** Reports that a turn failed. The next one repeats it. */
    public void failed(Exception failure) {
        if (!isFailing) {
            LOG.warn("cannot compute the meaning of texts: {}; retrying every 10 s", Causes.line(failure));
        }
        isFailing = true;
        LOG.debug("cannot compute the meaning of texts", failure);
    }
}
