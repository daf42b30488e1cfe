package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpEntity;
import org.colleaguesearch.failure.StartFailure;
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
 *
 * <p>The older index is marked in its mapping's {@code _meta} before it is blocked, and the mark is removed last: so an
 * upgrade that was killed at any moment can be undone by a start that does not want it any more, and a block that
 * somebody else set is told from one that an upgrade left.
 */
final class IndexUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(IndexUpgrade.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long POLL_MILLIS = 250;

    /** Why a copy did not end, in words; it may if it is done again. */
    static final class CopyFailed extends IOException {
        CopyFailed(String message) {
            super(message);
        }
    }

    private final RestClient client;
    private final String alias;
    private final String from;
    private final String to;
    private final Duration patience;
    private final CountDownLatch ending;

    /** {@code patience}: how long a copy may make no progress. {@code ending}: opens when the application is told to end. */
    IndexUpgrade(RestClient client, String alias, String from, String to, Duration patience, CountDownLatch ending) {
        this.client = client;
        this.alias = alias;
        this.from = from;
        this.to = to;
        this.patience = patience;
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
        IndexState state = IndexState.of(call("GET", "/" + from, null), from);
        if (state.upgrade() == null) {
            // With a copy, the block is of an upgrade too: releases before this one left no mark.
            boolean isTheirs = state.isBlocked() && call("GET", "/" + to, null).isEmpty();
            if (isTheirs) {
                LOG.warn("somebody else has set index.blocks.write on {}; its copy {} will take writes", from, to);
            }
            mark(marked(state, isTheirs));
        } else if (!state.isBlocked()) {
            // Somebody has lifted the block since: what was copied may have been removed here.
            call("DELETE", "/" + to, null);
        }
        LOG.info("the index {} is of an older mapping: its documents are copied to {}", from, to);
        if (call("PUT", "/" + from + "/_block/write", null).isEmpty()) {
            throw new CopyFailed(from + " is gone: somebody else has copied it");
        }
        make(definition);
        copy();
        long copied = count(to);
        if (copied != count(from)) {
            throw new CopyFailed(to + " has " + copied + " documents and " + from + " " + count(from));
        }
        JsonNode wanted = definition.at("/mappings/_meta/version");
        if (!wanted.equals(call("GET", "/" + to, null).at("/" + to + "/mappings/_meta/version"))) {
            // A copy makes the index that it finds gone, with a mapping of OpenSearch's choice.
            throw new CopyFailed(to + " was deleted while documents were copied to it");
        }
        ObjectNode changeover = JSON.createObjectNode();
        var actions = changeover.putArray("actions");
        actions.addObject().putObject("add").put("index", to).put("alias", alias);
        actions.addObject().putObject("remove_index").put("index", from);
        call("POST", "/_aliases", changeover);
        LOG.info("the alias {} is over {} now, with {} documents; {} is gone", alias, to, copied, from);
    }

    /**
     * Undoes what an upgrade that was cut off has left: the copy and the block go, and the mark last. Done again, it
     * does what is left to do. Documents are only in the older index, and stay there.
     *
     * @param state of the older index
     */
    void undo(IndexState state) throws IOException {
        if (state.upgrade() == null) {
            mark(marked(state, false));
        }
        stopCopies();
        call("DELETE", "/" + to, null);
        if (!state.wasBlocked()) {
            unblock();
        }
        ObjectNode meta = state.meta();
        meta.remove(List.of(IndexState.UPGRADE, IndexState.BLOCKED));
        mark(meta);
    }

    private void unblock() throws IOException {
        call("PUT", "/" + from + "/_settings", JSON.createObjectNode().putNull("index.blocks.write"));
    }

    private ObjectNode marked(IndexState state, boolean wasBlocked) {
        return state.meta().put(IndexState.UPGRADE, to).put(IndexState.BLOCKED, wasBlocked);
    }

    private void mark(ObjectNode meta) throws IOException {
        ObjectNode mapping = JSON.createObjectNode();
        mapping.set("_meta", meta);
        call("PUT", "/" + from + "/_mapping", mapping);
    }

    /** One that OpenSearch still makes for an application that is gone would make the copy again. */
    private void stopCopies() throws IOException {
        JsonNode nodes =
                call("GET", "/_tasks?detailed=true&actions=*reindex", null).path("nodes");
        for (JsonNode node : nodes) {
            for (Map.Entry<String, JsonNode> task : node.path("tasks").properties()) {
                String what = task.getValue().path("description").asText();
                if (what.contains("[" + from + "]") && what.contains("[" + to + "]")) {
                    call("POST", "/_tasks/" + task.getKey() + "/_cancel?wait_for_completion=true", null);
                }
            }
        }
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
        JsonNode progress = null;
        long advanced = System.nanoTime();
        do {
            if (task.isEmpty()) {
                throw new CopyFailed(from + " is gone: somebody else has copied it");
            }
            if (ending.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StartFailure("the application is ending; the next start goes on to copy " + from);
            }
            state = call("GET", "/_tasks/" + task, null);
            if (state.isEmpty()) {
                throw new CopyFailed("OpenSearch no longer copies " + from + " to " + to);
            }
            JsonNode status = state.at("/task/status");
            if (!status.equals(progress)) {
                progress = status;
                advanced = System.nanoTime();
            } else if (System.nanoTime() - advanced > patience.toNanos()) {
                call("POST", "/_tasks/" + task + "/_cancel", null);
                throw new CopyFailed("OpenSearch copies " + from + " to " + to + " and has made no progress for "
                        + new Patience(patience));
            }
        } while (!state.path("completed").asBoolean());
        JsonNode failure = state.at("/response/failures/0");
        if (!failure.isMissingNode()) {
            Refusal refusal = Refusal.of(
                    failure.path("status").asInt(),
                    failure.at("/cause/type").asText(),
                    failure.at("/cause/reason").asText());
            if (refusal.blame() == Refusal.Blame.DOCUMENT) {
                giveUp(failure);
            }
            throw new CopyFailed("OpenSearch failed to copy " + from + " to " + to + ": " + refusal.reason() + "; "
                    + refusal.remedy());
        }
        if (state.has("error")) {
            throw new CopyFailed("OpenSearch failed to copy " + from + ": "
                    + state.at("/error/reason").asText());
        }
        call("POST", "/" + to + "/_refresh", null);
    }

    private void giveUp(JsonNode failure) throws IOException {
        undo(IndexState.of(call("GET", "/" + from, null), from));
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
