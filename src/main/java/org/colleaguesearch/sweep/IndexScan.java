package org.colleaguesearch.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.delivery.IndexRequests;
import org.colleaguesearch.people.PeoplePages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole index once, as of the start of the scan. A scroll returns each document exactly once, whatever its
 * fields and mapping; paging by a sort field would need a field that every document has, with a unique value. Not
 * thread-safe.
 */
final class IndexScan implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexScan.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How long OpenSearch keeps the scroll between two pages, while their people are looked up in the ledger. */
    private static final String KEEP_ALIVE = "5m";

    private final IndexRequests requests;
    private final String index;
    private final int limit;
    private String scroll;
    private long read;

    IndexScan(IndexRequests requests, String index, int limit) {
        this.requests = requests;
        this.index = index;
        this.limit = limit;
    }

    /**
     * A page of document ids.
     *
     * @param people the ids of people: documents whose field {@code id} is the document's id, as the indexers write it
     * @param foreign the ids of the others
     */
    record Page(List<String> people, List<String> foreign) {
        boolean isEmpty() {
            return people.isEmpty() && foreign.isEmpty();
        }
    }

    /**
     * Returns the next page, or an empty one after the last.
     *
     * @throws IOException also when OpenSearch returns more or fewer documents than the index has
     */
    Page next() throws IOException {
        JsonNode answer = scroll == null ? begin() : requests.call("POST", "/_search/scroll", scrollBody());
        scroll = answer.path("_scroll_id").asText();
        if (answer.at("/_shards/failed").asInt() > 0) {
            throw new IOException("OpenSearch could not read " + answer.at("/_shards/failed") + " of "
                    + answer.at("/_shards/total") + " shards of the index " + index);
        }
        Page page = new Page(new ArrayList<>(), new ArrayList<>());
        answer.at("/hits/hits")
                .forEach(hit -> (isPerson(hit) ? page.people() : page.foreign())
                        .add(hit.path("_id").asText()));
        long total = answer.at("/hits/total/value").asLong();
        read += page.people().size() + page.foreign().size();
        if (page.isEmpty() ? read != total : read > total) {
            throw new IOException(
                    "OpenSearch returned " + read + " documents of the index " + index + ", which has " + total);
        }
        return page;
    }

    private JsonNode begin() throws IOException {
        requests.call("POST", "/" + index + "/_refresh", null);
        ObjectNode search = JSON.createObjectNode().put("size", limit);
        search.putArray("sort").add("_doc");
        search.putArray("_source").add("id");
        return requests.call("POST", "/" + index + "/_search?scroll=" + KEEP_ALIVE, search);
    }

    /** Indexers never write with a routing, and the ledger can hold the id of every person. */
    private static boolean isPerson(JsonNode hit) {
        JsonNode id = hit.at("/_source/id");
        return PeoplePages.isId(id) && id.equals(hit.path("_id")) && !hit.has("_routing");
    }

    private ObjectNode scrollBody() {
        return JSON.createObjectNode().put("scroll", KEEP_ALIVE).put("scroll_id", scroll);
    }

    /** Frees the scroll. Otherwise OpenSearch would keep it for some more minutes. */
    @Override
    public void close() {
        if (scroll == null || scroll.isEmpty()) {
            return;
        }
        try {
            requests.call("DELETE", "/_search/scroll", JSON.createObjectNode().put("scroll_id", scroll));
        } catch (IOException e) {
            LOG.debug("could not clear the scroll of index {}", index, e);
        }
    }
}
