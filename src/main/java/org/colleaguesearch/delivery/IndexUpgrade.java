package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.colleaguesearch.failure.StartFailure;
import org.opensearch.client.ResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies an index with an older mapping to an index with the current one, and switches the alias.
 *
 * <p>The older index is write-blocked from the start: writers wait, and continue on the newer index. Searches use the older
 * index until one request switches the alias and deletes it. If the upgrade is interrupted, the alias still points to the
 * older index, and the next attempt resumes the copy. Two instances may run it concurrently.
 *
 * <p>The mapping's {@code _meta} of the older index gets a mark before the block is set, and loses it last. So a later
 * start with another mapping version can undo an upgrade killed at any point, and can distinguish its block from one that
 * someone else set.
 */
final class IndexUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(IndexUpgrade.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Something may be missing, since another instance may be running the same upgrade. */
    private final IndexRequests requests;

    private final String alias;
    private final String from;
    private final String to;
    private final Duration patience;
    private final CountDownLatch ending;

    /** {@code patience}: how long a copy may make no progress. {@code ending}: opens when the application is asked to stop. */
    IndexUpgrade(
            IndexRequests requests, String alias, String from, String to, Duration patience, CountDownLatch ending) {
        this.requests = requests;
        this.alias = alias;
        this.from = from;
        this.to = to;
        this.patience = patience;
        this.ending = ending;
    }

    /**
     * Performs the upgrade, or the rest of an interrupted one.
     *
     * @param definition settings and mapping of the newer index
     * @throws IOException if another attempt may succeed
     * @throws StartFailure if the newer index cannot hold the documents; the older one is restored then
     */
    void run(ObjectNode definition) throws IOException, InterruptedException {
        IndexState state = IndexState.of(requests.callIfExists("GET", "/" + from, null), from);
        if (state.upgrade() == null) {
            // If a copy exists, the block comes from an upgrade by an earlier release, which set no mark.
            boolean isForeign = state.isBlocked()
                    && requests.callIfExists("GET", "/" + to, null).isEmpty();
            if (isForeign) {
                LOG.warn("someone else has set index.blocks.write on {}; its copy {} will accept writes", from, to);
            }
            mark(marked(state, isForeign));
        } else if (!state.isBlocked()) {
            // Someone has lifted the block since, so copied documents may have been deleted in the older index.
            requests.callIfExists("DELETE", "/" + to, null);
        }
        LOG.info("copying the documents of {} to {}, which has the new mapping", from, to);
        if (requests.callIfExists("PUT", "/" + from + "/_block/write", null).isEmpty()) {
            throw new IndexTask.Failed(from + " no longer exists: another instance has upgraded it");
        }
        dropUnlessFor(definition);
        make(definition);
        copy();
        long copied = count(to);
        if (copied != count(from)) {
            throw new IndexTask.Failed(to + " has " + copied + " documents, but " + from + " has " + count(from));
        }
        JsonNode wanted = definition.at("/mappings/_meta/version");
        if (!wanted.equals(requests.callIfExists("GET", "/" + to, null).at("/" + to + "/mappings/_meta/version"))) {
            // A reindex recreates a missing index with a dynamic mapping.
            throw new IndexTask.Failed(to + " was deleted during the copy");
        }
        ObjectNode changeover = JSON.createObjectNode();
        var actions = changeover.putArray("actions");
        actions.addObject().putObject("add").put("index", to).put("alias", alias);
        actions.addObject().putObject("remove_index").put("index", from);
        requests.callIfExists("POST", "/_aliases", changeover);
        LOG.info("switched the alias {} to {} with {} documents; deleted {}", alias, to, copied, from);
    }

    /**
     * Undoes an interrupted upgrade: removes the copy, the block and, last, the mark. Repeatable after an interruption. No
     * document is lost, since the older index has them all.
     *
     * @param state of the older index
     */
    void undo(IndexState state) throws IOException {
        if (state.upgrade() == null) {
            mark(marked(state, false));
        }
        stopCopies();
        requests.callIfExists("DELETE", "/" + to, null);
        if (!state.wasBlocked()) {
            unblock();
        }
        ObjectNode meta = state.meta();
        meta.remove(List.of(IndexState.UPGRADE, IndexState.BLOCKED));
        mark(meta);
    }

    private void unblock() throws IOException {
        requests.callIfExists(
                "PUT", "/" + from + "/_settings", JSON.createObjectNode().putNull("index.blocks.write"));
    }

    private ObjectNode marked(IndexState state, boolean wasBlocked) {
        return state.meta().put(IndexState.UPGRADE, to).put(IndexState.BLOCKED, wasBlocked);
    }

    private void mark(ObjectNode meta) throws IOException {
        ObjectNode mapping = JSON.createObjectNode();
        mapping.set("_meta", meta);
        requests.callIfExists("PUT", "/" + from + "/_mapping", mapping);
    }

    /** Cancels copies that OpenSearch still runs for a dead instance: they would recreate the index. */
    private void stopCopies() throws IOException {
        JsonNode nodes = requests.callIfExists("GET", "/_tasks?detailed=true&actions=*reindex", null)
                .path("nodes");
        for (JsonNode node : nodes) {
            for (Map.Entry<String, JsonNode> task : node.path("tasks").properties()) {
                String what = task.getValue().path("description").asText();
                if (what.contains("[" + from + "]") && what.contains("[" + to + "]")) {
                    requests.callIfExists(
                            "POST", "/_tasks/" + task.getKey() + "/_cancel?wait_for_completion=true", null);
                }
            }
        }
    }

    /** Removes an interrupted copy that was made for other declarations of the indexers. */
    private void dropUnlessFor(ObjectNode definition) throws IOException {
        JsonNode copy = requests.callIfExists("GET", "/" + to, null);
        String declared = "/mappings/_meta/" + DeclaredMapping.DECLARED;
        if (!copy.isEmpty() && !copy.at("/" + to + declared).equals(definition.at(declared))) {
            stopCopies();
            requests.callIfExists("DELETE", "/" + to, null);
        }
    }

    private void make(ObjectNode definition) throws IOException {
        try {
            if (requests.callIfExists("GET", "/" + to, null).isEmpty()) {
                requests.callIfExists("PUT", "/" + to, definition);
            }
        } catch (ResponseException e) {
            // Another instance may just have created it.
            if (requests.callIfExists("GET", "/" + to, null).isEmpty()) {
                throw e;
            }
        }
    }

    /** Copies the documents as an OpenSearch task, since a large index takes longer than the response time-out. */
    private void copy() throws IOException, InterruptedException {
        requests.callIfExists("POST", "/" + from + "/_refresh", null);
        ObjectNode reindex = JSON.createObjectNode().put("conflicts", "proceed");
        reindex.putObject("source").put("index", from);
        // External versions make OpenSearch skip documents that an earlier attempt has copied.
        reindex.putObject("dest").put("index", to).put("version_type", "external");
        JsonNode state = new IndexTask(requests, patience, ending)
                .run("/_reindex", reindex, "copying " + from + " to " + to, status -> {});
        if (state.isEmpty()) {
            throw new IndexTask.Failed(from + " no longer exists: another instance has upgraded it");
        }
        JsonNode failure = state.at("/response/failures/0");
        if (!failure.isMissingNode()) {
            Refusal refusal = Refusal.of(
                    failure.path("status").asInt(),
                    failure.at("/cause/type").asText(),
                    failure.at("/cause/reason").asText());
            if (refusal.blame() == Refusal.Blame.DOCUMENT) {
                undoAndFail(failure);
            }
            throw new IndexTask.Failed("OpenSearch failed to copy " + from + " to " + to + ": " + refusal.reason()
                    + "; " + refusal.remedy());
        }
        if (state.has("error")) {
            throw new IndexTask.Failed("OpenSearch failed to copy " + from + ": "
                    + state.at("/error/reason").asText());
        }
        requests.callIfExists("POST", "/" + to + "/_refresh", null);
    }

    private void undoAndFail(JsonNode failure) throws IOException {
        undo(IndexState.of(requests.callIfExists("GET", "/" + from, null), from));
        throw new StartFailure("colleagues.opensearch.mapping: " + to + " cannot hold the document "
                + failure.path("id").asText() + " of " + from + " ("
                + failure.at("/cause/reason").asText() + "); change the mapping, or delete " + from
                + " and let the next batch fill a new index");
    }

    private long count(String index) throws IOException {
        return requests.callIfExists("GET", "/" + index + "/_count", null)
                .path("count")
                .asLong();
    }
}
