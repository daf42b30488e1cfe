package org.colleaguesearch.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.codec.digest.DigestUtils;
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
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The work of giving the items in the index their meaning. What is left to do is what the index says: items that have a text,
 * but no meaning by this model and of these fields. So nothing is lost when the application is killed. A delivery keeps the
 * meaning of an item whose texts are as before, and drops it otherwise.
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

    /** The key of what made it: the model and the fields. */
    private static final String BY = "by";

    private static final int PEOPLE_IN_A_PAGE = 5;

    /** Of a person in one page, so that it takes a few seconds. Further ones follow in the next pass. */
    private static final int MOST_TEXTS = 50;

    /** How long a turn takes at most, so that edited routes soon take over. */
    private static final Duration TURN = Duration.ofSeconds(9);

    /** How often progress is logged. */
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** Texts whose meaning is remembered: colleagues have items in common. About 2 KB each. */
    private static final int REMEMBERED = 10_000;

    private final SearchedSections sections;
    private final TextModel model;
    private final ObjectProvider<RestClient> client;
    private final String alias;
    /** By the digest of the text. */
    private final Map<String, ObjectNode> remembered =
            Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
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
    private volatile boolean isStopping;

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
        if (isStopping || System.nanoTime() - turnEnds > 0) {
            return List.of();
        }
        List<Searched> searched = sections.all().stream()
                .filter(section -> !section.meaning().isEmpty())
                .toList();
        if (searched.isEmpty()) {
            return List.of();
        }
        JsonNode found = new IndexRequests(client.getObject()).call("POST", "/" + alias + "/_search", query(searched));
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
        ObjectNode query = JSON.createObjectNode().put("size", PEOPLE_IN_A_PAGE).put("seq_no_primary_term", true);
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
            ObjectNode done = item.putArray("must_not").addObject().putObject("nested");
            done.put("path", section.meaningPath()).put("ignore_unmapped", true);
            done.withObject("/query/term").put(section.meaningPath() + "." + BY, by(section));
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
        int done = 0;
        for (Searched section : sections.all()) {
            JsonNode items = person.source().path(section.section());
            for (JsonNode item : items.isArray() ? items : List.of(items)) {
                if (item instanceof ObjectNode object
                        && !section.meaning().isEmpty()
                        && !object.path(Searched.MEANING).path(BY).asText().equals(by(section))
                        && done < MOST_TEXTS
                        && !isStopping) {
                    object.set(Searched.MEANING, meaning(Sentences.of(object, section.meaning()), by(section)));
                    done++;
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

    private static String by(Searched section) {
        return TextModel.NAME + " " + String.join(",", section.meaning());
    }

    private ObjectNode meaning(List<String> sentences, String by) {
        if (sentences.isEmpty()) {
            // Otherwise it would always be left to do.
            return JSON.createObjectNode().put(BY, by);
        }
        String digest = DigestUtils.sha256Hex(by + "\n" + String.join("\n", sentences));
        ObjectNode known = remembered.get(digest);
        if (known != null) {
            return known;
        }
        TextVectors vectors = model.of(sentences);
        texts.increment();
        ObjectNode meaning = JSON.createObjectNode().put(BY, by).put(SENTENCES, vectors.differences());
        // As JSON: a node for each number would take four times the memory.
        meaning.putRawValue(VECTOR, new RawValue(Arrays.toString(vectors.vector())));
        remembered.put(digest, meaning);
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
        isFailing = false;
    }

    /** Reports that a turn failed. The next one begins with the first people again. */
    public void failed(Exception failure) {
        after = "";
        if (!isFailing) {
            LOG.warn("cannot compute the meaning of texts: {}; retrying every 10 s", Causes.line(failure));
        }
        isFailing = true;
        LOG.debug("cannot compute the meaning of texts", failure);
    }

    /** Ends the turn when the application is asked to stop: what is computed is still written. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        isStopping = true;
    }
}
