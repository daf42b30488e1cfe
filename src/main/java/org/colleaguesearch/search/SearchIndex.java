package org.colleaguesearch.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.colleaguesearch.delivery.Refusal;
import org.colleaguesearch.delivery.SearchClient;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.Cancellable;
import org.opensearch.client.Request;
import org.opensearch.client.Response;
import org.opensearch.client.ResponseListener;
import org.opensearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Sends searches to OpenSearch, in its own JSON. Thread-safe: calls share only the client and a semaphore. A waiting virtual
 * thread blocks no platform thread. The callers bound the number of waiting threads.
 */
@Component("searchIndex")
public class SearchIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** When to try again. A guess. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ObjectProvider<SearchClient> client;
    private final String path;
    private final Duration timeout;

    /** As many as connections: the client's own queue for connections gets slow when it is long. */
    private final Semaphore places;

    /** A client exists only if chunks are delivered to OpenSearch. */
    SearchIndex(ObjectProvider<SearchClient> client, Settings settings) {
        this.client = client;
        this.path = "/" + settings.opensearch().alias() + "/_search";
        this.timeout = settings.search().timeout();
        this.places = new Semaphore(settings.search().connections(), true);
    }

    /**
     * Runs a search.
     *
     * @param query the body of a {@code _search}
     * @return OpenSearch's whole response
     * @throws RequestRefused if there is no index, OpenSearch cannot be reached or is overloaded, no connection becomes
     *     free within {@code colleagues.search.timeout}, or the response takes longer than that (504)
     * @throws IllegalStateException if OpenSearch does not understand the query
     */
    public JsonNode search(JsonNode query) throws InterruptedException {
        SearchClient searches = client.getIfAvailable();
        if (searches == null) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE, "no index to search: colleagues.deliver-to does not include opensearch")
                    .retryAfter(RETRY_AFTER);
        }
        long end = System.nanoTime() + timeout.toNanos();
        if (!places.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new RequestRefused(Kind.UNAVAILABLE, "too many searches in progress; try again later")
                    .retryAfter(RETRY_AFTER);
        }
        try {
            return search(query, searches.client(), end);
        } finally {
            places.release();
        }
    }

    private JsonNode search(JsonNode query, RestClient searches, long end) throws InterruptedException {
        Request request = new Request("POST", path);
        // With several shards: all or nothing.
        request.addParameter("allow_partial_search_results", "false");
        request.setJsonEntity(query.toString());
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Cancellable call = searches.performRequestAsync(request, completing(answer));
        try (InputStream body = answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                .getEntity()
                .getContent()) {
            JsonNode found = JSON.readTree(body);
            if (!found.has("hits")) {
                throw new IOException("the response has no 'hits'");
            }
            return found;
        } catch (TimeoutException e) {
            throw new RequestRefused(
                            Kind.TIMED_OUT, "the search took longer than " + timeout.toMillis() / 1000.0 + " s")
                    .retryAfter(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (IOException e) {
            throw unavailable(Refusal.of(e));
        } finally {
            // Has no effect on a completed call.
            call.cancel();
        }
    }

    private static RuntimeException failure(ExecutionException failure) {
        Refusal refusal = Refusal.of(failure);
        return refusal.blame() == Refusal.Blame.DOCUMENT
                ? new IllegalStateException("OpenSearch refused the query: " + refusal.reason(), failure)
                : unavailable(refusal);
    }

    /** OpenSearch's own message goes only to the log: it names hosts and indices. */
    private static RequestRefused unavailable(Refusal refusal) {
        LOG.warn("OpenSearch search failed: {}", refusal.reason());
        return new RequestRefused(Kind.UNAVAILABLE, "the search index is unavailable; try again later")
                .retryAfter(RETRY_AFTER);
    }

    private static ResponseListener completing(CompletableFuture<Response> answer) {
        return new ResponseListener() {
            @Override
            public void onSuccess(Response response) {
                answer.complete(response);
            }

            @Override
            public void onFailure(Exception failure) {
                answer.completeExceptionally(failure);
            }
        };
    }
}
