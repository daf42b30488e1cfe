package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * {@code colleagues-v2}, where 2 is the version of the mapping.
 */
final class IndexSetup {
    private static final Logger LOG = LoggerFactory.getLogger(IndexSetup.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RestClient client;
    private final Settings.OpenSearch settings;
    private final Patience patience;

    IndexSetup(RestClient client, Settings.OpenSearch settings) {
        this.client = client;
        this.settings = settings;
        this.patience = new Patience(settings.patience());
    }

    /**
     * Creates the index with its mapping and alias if nothing has the alias's name, or upgrades it if the alias points to
     * a single index of an older version. Leaves anything else of that name alone. Retries for the length of the patience
     * while OpenSearch is unreachable or responds with 429 or 5xx.
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
                        case IndexUpgrade.CopyFailed failed ->
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
        ObjectNode definition = IndexDefinition.read(settings.mapping());
        String index = settings.alias() + "-v" + version(definition);
        definition.putObject("aliases").putObject(settings.alias());
        Request request = new Request("PUT", "/" + index);
        request.setJsonEntity(definition.toString());
        client.performRequest(request);
        LOG.info("created the index {} with the alias {}", index, settings.alias());
    }

    private void upgrade(CountDownLatch ending) throws IOException, InterruptedException {
        ObjectNode definition = IndexDefinition.read(settings.mapping());
        int version = version(definition);
        String current = current();
        if (current == null) {
            return;
        }
        boolean isOlder = version > 1 && versionOf(current) < version;
        String next = isOlder ? settings.alias() + "-v" + version : "";
        IndexState state = IndexState.of(get("/" + current), current);
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
        } else if (state.isBlocked() && !isOlder) {
            LOG.warn(
                    "the index {} is read-only because index.blocks.write was set by someone else; {}",
                    current,
                    Refusal.LIFT_BLOCK);
        }
        if (isOlder) {
            upgradeTo(next, current, ending).run(definition);
        }
    }

    private IndexUpgrade upgradeTo(String next, String current, CountDownLatch ending) {
        return new IndexUpgrade(client, settings.alias(), current, next, settings.patience(), ending);
    }

    /**
     * The unfinished copy of a blocked index left by an upgrade of an earlier release, which set no mark. It has the name
     * and mapping version that only an upgrade sets, and no alias. Null if there is none, or if it is the target of the
     * current upgrade.
     */
    private String unmarkedCopy(String current, String next) throws IOException {
        JsonNode all = get("/" + settings.alias() + "-v*");
        for (Map.Entry<String, JsonNode> index : all.properties()) {
            int version = versionOf(index.getKey());
            if (version > versionOf(current)
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
        // A 404 means that the name is that of an index, not of an alias.
        JsonNode indices = get("/_alias/" + settings.alias());
        String first = indices.isEmpty() || indices.has("error")
                ? ""
                : indices.fieldNames().next();
        return indices.size() == 1 && versionOf(first) > 0 ? first : null;
    }

    private JsonNode get(String path) throws IOException {
        Request request = new Request("GET", path);
        request.addParameter("ignore", "404");
        try (InputStream body = client.performRequest(request).getEntity().getContent()) {
            return JSON.readTree(body);
        }
    }

    private long count(String index) throws IOException {
        return get("/" + index + "/_count").path("count").asLong();
    }

    /** The version in the name of an index, or 0. */
    private int versionOf(String index) {
        Matcher matcher = Pattern.compile(Pattern.quote(settings.alias()) + "-v(\\d{1,9})")
                .matcher(index);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static int version(ObjectNode definition) {
        return definition.at("/mappings/_meta/version").asInt(1);
    }

    private Object host() {
        return client.getNodes().get(0).getHost();
    }
}
