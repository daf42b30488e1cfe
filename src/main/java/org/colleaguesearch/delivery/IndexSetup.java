package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.embedded.ShutdownGuard;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.StartFailure;
import org.opensearch.client.Request;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;

/** Makes the index of people before anything is written to it: alias {@code colleagues} over {@code colleagues-v1}. */
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
     * Makes the index, with its mapping and alias, if there is nothing of the alias's name yet. An OpenSearch that
     * cannot be reached, or answers 429 or 5xx, is waited for as long as the patience lasts.
     *
     * @throws StartFailure when it refuses, when the patience is over, or when the application is told to end
     */
    void run() {
        CountDownLatch ending = new CountDownLatch(1);
        ShutdownGuard guard = new ShutdownGuard(ending::countDown);
        guard.raise();
        try {
            long began = System.nanoTime();
            for (int refusals = 1; !isDone(Duration.ofNanos(System.nanoTime() - began)); refusals++) {
                Duration waited = Duration.ofNanos(System.nanoTime() - began);
                if (ending.await(patience.pause(refusals, waited).toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new StartFailure("the application is ending, while it waited for OpenSearch at " + host());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for OpenSearch at " + host(), e);
        } finally {
            guard.lift();
        }
    }

    private boolean isDone(Duration waited) {
        try {
            if (client.performRequest(new Request("HEAD", "/" + settings.alias()))
                            .getStatusLine()
                            .getStatusCode()
                    == 404) {
                create();
            }
            return true;
        } catch (IOException e) {
            boolean mayPass = Refusal.of(e).blame() == Refusal.Blame.TIME;
            String problem = e instanceof ResponseException answer ? refused(answer, mayPass) : unreachable(e);
            if (!mayPass || patience.isOver(waited)) {
                throw new StartFailure(problem, e);
            }
            // Its pauses grow to ten seconds: this is a line every few of them.
            LOG.warn("{}; waiting for it, for up to {}", problem, patience);
            return false;
        }
    }

    private String refused(ResponseException answer, boolean mayPass) {
        return "OpenSearch at " + host() + " answers HTTP "
                + answer.getResponse().getStatusLine().getStatusCode() + " to the set-up of the index "
                + settings.alias() + "; check "
                + (mayPass
                        ? "its health, its load and its disk space"
                        : "colleagues.opensearch.username and password, and "
                                + settings.mapping().getDescription());
    }

    private String unreachable(IOException e) {
        return "OpenSearch at " + host() + " cannot be reached (" + e.getMessage()
                + "); check colleagues.opensearch.url";
    }

    private void create() throws IOException {
        String index = settings.alias() + "-v1";
        ObjectNode definition = definition();
        definition.putObject("aliases").putObject(settings.alias());
        Request request = new Request("PUT", "/" + index);
        request.setJsonEntity(definition.toString());
        client.performRequest(request);
        LOG.info("made the index {} with the alias {}", index, settings.alias());
    }

    private ObjectNode definition() {
        Resource mapping = settings.mapping();
        try (InputStream in = mapping.getInputStream()) {
            if (JSON.readTree(in) instanceof ObjectNode definition) {
                return definition;
            }
            throw new IOException("it is not a JSON object");
        } catch (IOException e) {
            throw new StartFailure(
                    "colleagues.opensearch.mapping: cannot read " + mapping.getDescription() + ": " + e.getMessage(),
                    e);
        }
    }

    private Object host() {
        return client.getNodes().get(0).getHost();
    }
}
