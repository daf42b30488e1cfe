package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpEntity;
import org.colleaguesearch.settings.StartFailure;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies an index of an older mapping into one of a newer, and lets the alias change over.
 *
 * <p>The older takes no writes from the beginning on: those who write meanwhile wait, and find the newer. It is searched
 * until the alias changes over, and is gone in the same step. Whatever ends this early leaves the alias at the older
 * index, and to do it again goes on with what is there; two may do it at the same time.
 */
final class IndexUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(IndexUpgrade.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long POLL_MILLIS = 250;

    private final RestClient client;
    private final String alias;
    private final String from;
    private final String to;
    private final CountDownLatch ending;

    /** {@code ending}: opens when the application is told to end. */
    IndexUpgrade(RestClient client, String alias, String from, String to, CountDownLatch ending) {
        this.client = client;
        this.alias = alias;
        this.from = from;
        this.to = to;
        this.ending = ending;
    }

    /**
     * Does all that is left to do.
     *
     * @param definition settings and mapping of the newer index
     * @throws IOException when it may succeed if it is done again
     * @throws StartFailure when the newer index cannot hold the documents; the older one is then as before
     */
    void run(ObjectNode definition) throws IOException, InterruptedException {
        LOG.info("the index {} is of an older mapping: its documents are copied to {}", from, to);
        if (call("PUT", "/" + from + "/_block/write", null).isEmpty()) {
            throw new IOException(from + " is gone: somebody else has copied it");
        }
        make(definition);
        copy();
        long copied = count(to);
        if (copied != count(from)) {
            throw new IOException(to + " has " + copied + " documents and " + from + " " + count(from));
        }
        ObjectNode changeover = JSON.createObjectNode();
        var actions = changeover.putArray("actions");
        actions.addObject().putObject("add").put("index", to).put("alias", alias);
        actions.addObject().putObject("remove_index").put("index", from);
        call("POST", "/_aliases", changeover);
        LOG.info("the alias {} is over {} now, with {} documents; {} is gone", alias, to, copied, from);
    }

    private void make(ObjectNode definition) throws IOException {
        try {
            if (call("GET", "/" + to, null).isEmpty()) {
                call("PUT", "/" + to, definition);
            }
        } catch (ResponseException e) {
            // Unless somebody else has just made it, it cannot be made.
            if (call("GET", "/" + to, null).isEmpty()) {
                throw e;
            }
        }
    }

    /** As a task of OpenSearch's own, since no answer may take as long as a large index does. */
    private void copy() throws IOException, InterruptedException {
        call("POST", "/" + from + "/_refresh", null);
        ObjectNode reindex = JSON.createObjectNode().put("conflicts", "proceed");
        reindex.putObject("source").put("index", from);
        // With the versions of the documents, those that an earlier attempt has copied are left alone.
        reindex.putObject("dest").put("index", to).put("version_type", "external");
        String task = call("POST", "/_reindex?wait_for_completion=false", reindex)
                .path("task")
                .asText();
        JsonNode state;
        do {
            if (task.isEmpty()) {
                throw new IOException(from + " is gone: somebody else has copied it");
            }
            if (ending.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StartFailure("the application is ending; the next start goes on to copy " + from);
            }
            state = call("GET", "/_tasks/" + task, null);
            if (state.isEmpty()) {
                throw new IOException("OpenSearch no longer copies " + from + " to " + to);
            }
        } while (!state.path("completed").asBoolean());
        JsonNode failure = state.at("/response/failures/0");
        if (!failure.isMissingNode()) {
            giveUp(failure);
        }
        if (state.has("error")) {
            throw new IOException("OpenSearch failed to copy " + from + ": "
                    + state.at("/error/reason").asText());
        }
        call("POST", "/" + to + "/_refresh", null);
    }

    private void giveUp(JsonNode failure) throws IOException {
        call("DELETE", "/" + to, null);
        ObjectNode writable = JSON.createObjectNode().putNull("index.blocks.write");
        call("PUT", "/" + from + "/_settings", writable);
        throw new StartFailure("colleagues.opensearch.mapping: " + to + " cannot hold the document "
                + failure.path("id").asText() + " of " + from + " ("
                + failure.at("/cause/reason").asText() + "); change the mapping, or delete " + from
                + " and let the next batch fill a new index");
    }

    private long count(String index) throws IOException {
        return call("GET", "/" + index + "/_count", null).path("count").asLong();
    }

    /** The JSON of the answer; empty when there is nothing of the kind. */
    private JsonNode call(String method, String path, JsonNode json) throws IOException {
        Request request = new Request(method, path);
        // Somebody else may do the same, and be faster.
        request.addParameter("ignore", "404");
        if (json != null) {
            request.setJsonEntity(json.toString());
        }
        var response = client.performRequest(request);
        if (response.getStatusLine().getStatusCode() == 404) {
            return JSON.createObjectNode();
        }
        HttpEntity entity = response.getEntity();
        try (InputStream body = entity.getContent()) {
            return JSON.readTree(body);
        }
    }
}
