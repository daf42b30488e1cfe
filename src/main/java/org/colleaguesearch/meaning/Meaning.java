package org.colleaguesearch.meaning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.colleaguesearch.delivery.MeaningSupport;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.indexing.SearchedSections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What a question means, and which sentences of the items that are found are nearest to it. Thread-safe. */
@Component("meaning")
public class Meaning {
    private static final Logger LOG = LoggerFactory.getLogger(Meaning.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@link #question} returns when words alone are compared. */
    private static final String NONE = "[]";

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]");

    private final MeaningSupport support;
    private final SearchedSections sections;
    private final TextModel model;
    private volatile boolean isBroken;

    Meaning(MeaningSupport support, SearchedSections sections, TextModel model) {
        this.support = support;
        this.sections = sections;
        this.model = model;
    }

    /** Whether texts are compared by meaning. */
    public boolean isOn() {
        return support.isOn() && !isBroken;
    }

    /**
     * The meaning of the query of a search.
     *
     * @param request of a search
     * @return a JSON array of 384 numbers from -127 to 127, empty where words alone are compared
     */
    public String question(JsonNode request) {
        String query = request.path("query").asText();
        boolean isRanked = !request.path("sort").asText().equals("name");
        if (!isOn() || !isRanked || !WORD.matcher(query).find() || !comparesMeaning()) {
            return NONE;
        }
        try {
            return Arrays.toString(model.of(List.of(query)).vector());
        } catch (IllegalStateException e) {
            LOG.debug("cannot compute the meaning of a query", e);
            // It cannot be loaded; other failures are of one query.
            if (e.getCause() instanceof LinkageError && !isBroken) {
                isBroken = true;
                LOG.warn("searches compare words alone, not meaning: {}", e.getMessage());
            }
            return NONE;
        }
    }

    private boolean comparesMeaning() {
        return sections.all().stream().anyMatch(section -> !section.meaning().isEmpty());
    }

    /**
     * Adds to the items that are found by meaning the sentence that is nearest to the question.
     *
     * @param answers OpenSearch's responses; the items are the inner hits that are named after where their meaning is kept
     * @param question as {@link #question} returned it
     * @return the same responses
     */
    public JsonNode nearest(JsonNode answers, String question) throws JsonProcessingException {
        if (question.equals(NONE)) {
            return answers;
        }
        int[] vector = JSON.readValue(question, int[].class);
        for (Searched section : sections.all()) {
            for (JsonNode person : answers.path(0).at("/hits/hits")) {
                for (JsonNode item :
                        person.path("inner_hits").path(section.meaningPath()).at("/hits/hits")) {
                    if (item.path("_source") instanceof ObjectNode source) {
                        addNearest(source, section.meaning(), vector);
                    }
                }
            }
        }
        return answers;
    }

    private static void addNearest(ObjectNode item, List<String> fields, int[] question) {
        List<String> sentences = Sentences.of(item, fields);
        String differences = item.path(Searched.MEANING).path(Vectors.SENTENCES).asText();
        if (!sentences.isEmpty() && !differences.isEmpty()) {
            item.put(
                    "nearest",
                    sentences.get(Math.min(TextVectors.nearest(question, differences), sentences.size() - 1)));
        }
    }
}
