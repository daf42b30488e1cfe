package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.embedded.ShutdownGuard;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates or upgrades the index of people before anything is written to it: alias {@code colleagues} for index
 * {@code colleagues-v3}, where 3 is the version of the mapping. Adds the fields that indexers declare as searched, in place
 * if possible, and otherwise in a copy: {@code colleagues-v3.1}.
 */
final class IndexSetup {
    private static final Logger LOG = LoggerFactory.getLogger(IndexSetup.class);

    private final RestClient client;
    private final IndexRequests requests;
    private final Settings.OpenSearch settings;
    private final DeclaredMapping all;
    private final MeaningSupport meaning;
    private final IndexNames names;
    private final Patience patience;

    IndexSetup(RestClient client, Settings.OpenSearch settings, DeclaredMapping declared, MeaningSupport meaning) {
        this.client = client;
        this.requests = new IndexRequests(client);
        this.settings = settings;
        this.all = declared;
        this.meaning = meaning;
        this.names = new IndexNames(settings.alias());
        this.patience = new Patience(settings.patience());
    }

    /**
     * Creates the index with its mapping and alias if nothing has the alias's name, or upgrades it if the alias points to
     * a single index of an older version or with other declarations. Leaves anything else of that name alone. Retries for the
     * length of the patience while OpenSearch is unreachable or responds with 429 or 5xx.
     *
     * @throws StartFailure if OpenSearch refuses, the patience is over, or the application is asked to stop
     */
    void run() {
        CountDownLatch ending = new CountDownLatch(1);
        ShutdownGuard guard = new ShutdownGuard(ending::countDown);
        guard.raise();
        try {
            long began = System.nanoTime();
            for (int refusals = 1; !isDone(Duration.ofNanos(System.nanoTime() - began), ending); refusals++) {
                Duration waited = Duration.ofNanos(System.nanoTime() - began);
                if (ending.await(patience.pause(refusals, waited).toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new StartFailure("the application was stopped while waiting for OpenSearch at " + host());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for OpenSearch at " + host(), e);
        } finally {
            guard.lift();
        }
    }

    private boolean isDone(Duration waited, CountDownLatch ending) throws InterruptedException {
        try {
            if (client.performRequest(new Request("HEAD", "/" + settings.alias()))
                            .getStatusLine()
                            .getStatusCode()
                    == 404) {
                create();
            } else {
                upgrade(ending);
            }
            return true;
        } catch (IOException e) {
            Refusal refusal = Refusal.of(e);
            boolean isTransient = refusal.blame() == Refusal.Blame.TIME;
            String problem =
                    switch (e) {
                        case ResponseException answer -> refused(refusal);
                        case IndexTask.Failed failed ->
                            "cannot upgrade the index " + settings.alias() + ": " + failed.getMessage();
                        default -> unreachable(e);
                    };
            if (!isTransient || patience.isOver(waited)) {
                throw new StartFailure(problem, e);
            }
            // Pauses grow to ten seconds, so this does not flood the log.
            LOG.warn("{}; retrying for up to {}", problem, patience);
            return false;
        }
    }

    private String refused(Refusal refusal) {
        return "OpenSearch at " + host() + " refused to set up the index " + settings.alias() + " ("
                + refusal.reason() + "); "
                + (refusal.blame() == Refusal.Blame.TIME
                        ? refusal.remedy()
                        : "check colleagues.opensearch.username and password, and "
                                + settings.mapping().getDescription());
    }

    private String unreachable(IOException e) {
        return "OpenSearch at " + host() + " cannot be reached (" + e.getMessage()
                + "); check colleagues.opensearch.url";
    }

    private void create() throws IOException {
        ObjectNode definition = declared().completed(IndexDefinition.read(settings.mapping()));
        String index = names.of(version(definition));
        definition.putObject("aliases").putObject(settings.alias());
        requests.call("PUT", "/" + index, definition);
        LOG.info("created the index {} with the alias {}", index, settings.alias());
    }

    private void upgrade(CountDownLatch ending) throws IOException, InterruptedException {
        DeclaredMapping declared = declared();
        ObjectNode definition = declared.completed(IndexDefinition.read(settings.mapping()));
        int version = version(definition);
        String current = current();
        if (current == null) {
            return;
        }
        JsonNode answer = get("/" + current);
        String reason = reasonToCopy(current, version, declared.change(answer.path(current)));
        String next = "";
        if (reason != null) {
            next = names.version(current) < version ? names.of(version) : names.copy(current);
            LOG.info("the index {} must be copied: {}", current, reason);
        }
        IndexState state = IndexState.of(answer, current);
        String unfinished =
                state.upgrade() == null && state.isBlocked() ? unmarkedCopy(current, next) : state.upgrade();
        if (unfinished != null && !unfinished.equals(next)) {
            LOG.warn(
                    "the upgrade of the index {} to {} was interrupted, and the mapping version has changed since;"
                            + " deleting {} and restoring {}",
                    current,
                    unfinished,
                    unfinished,
                    current);
            upgradeTo(unfinished, current, ending).undo(state);
        } else if (state.isBlocked() && reason == null) {
            LOG.warn(
                    "the index {} is read-only because index.blocks.write was set by someone else; {}",
                    current,
                    Refusal.LIFT_BLOCK);
        }
        if (reason != null) {
            upgradeTo(next, current, ending).run(definition);
        } else if (names.version(current) == version) {
            // Read again: undoing an upgrade changes the mapping's _meta.
            extension(current, ending).run(declared.change(state(current)));
        }
    }

    /** Null if the index need not be copied. One of a newer version belongs to a newer release, with its own declarations. */
    private String reasonToCopy(String current, int version, DeclaredMapping.Change change) {
        if (version > 1 && names.version(current) < version) {
            return "it has an older mapping";
        }
        return names.version(current) == version ? change.reason() : null;
    }

    /**
     * Adds the declared fields in place, while the application runs. Only new sections: the items of others would have to
     * be indexed again.
     *
     * @return false if that is not possible, so that the next start has to change the index
     */
    boolean extend() {
        try {
            String current = current();
            if (current == null || names.version(current) != version(IndexDefinition.read(settings.mapping()))) {
                return false;
            }
            DeclaredMapping.Change change = declared().change(state(current));
            if (change.isCopy() || !change.refilled().isEmpty()) {
                return false;
            }
            extension(current, new CountDownLatch(1)).run(change);
            return true;
        } catch (IOException e) {
            LOG.debug("cannot extend the index {}", settings.alias(), e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private DeclaredMapping declared() throws IOException {
        return !all.comparesMeaning() || meaning.find(requests) ? all : all.ofWords();
    }

    private JsonNode state(String index) throws IOException {
        return get("/" + index).path(index);
    }

    private IndexExtension extension(String current, CountDownLatch ending) {
        return new IndexExtension(requests, current, new IndexTask(requests, settings.patience(), ending));
    }

    private IndexUpgrade upgradeTo(String next, String current, CountDownLatch ending) {
        return new IndexUpgrade(requests, settings.alias(), current, next, settings.patience(), ending);
    }

    /**
     * The unfinished copy of a blocked index left by an upgrade of an earlier release, which set no mark. It has the name
     * and mapping version that only an upgrade sets, and no alias. Null if there is none, or if it is the target of the
     * current upgrade.
     */
    private String unmarkedCopy(String current, String next) throws IOException {
        JsonNode all = get("/" + settings.alias() + "-v*");
        for (Map.Entry<String, JsonNode> index : all.properties()) {
            int version = names.version(index.getKey());
            if (version > names.version(current)
                    && index.getValue().path("aliases").isEmpty()
                    && index.getValue().at("/mappings/_meta/version").asInt() == version
                    && !index.getKey().equals(next)
                    // An interrupted copy cannot have more documents; an index that has was in use.
                    && count(index.getKey()) <= count(current)) {
                return index.getKey();
            }
        }
        return null;
    }

    /** The index that the alias points to, if it is a single one whose name states a version; otherwise null. */
    private String current() throws IOException {
        // Empty if the name is that of an index, not of an alias.
        JsonNode indices = get("/_alias/" + settings.alias());
        String first = indices.isEmpty() ? "" : indices.fieldNames().next();
        return indices.size() == 1 && names.version(first) > 0 ? first : null;
    }

    private JsonNode get(String path) throws IOException {
        return requests.callIfExists("GET", path, null);
    }

    private long count(String index) throws IOException {
        return get("/" + index + "/_count").path("count").asLong();
    }

    private static int version(ObjectNode definition) {
        return definition.at("/mappings/_meta/version").asInt(1);
    }

    private Object host() {
        return client.getNodes().get(0).getHost();
    }
}
