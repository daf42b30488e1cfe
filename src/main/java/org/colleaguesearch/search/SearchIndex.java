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
 * Asks OpenSearch, in its own JSON. Any thread may, since what calls share are a client and a semaphore that are made for
 * it; a virtual one holds no other while it waits. How many wait at a time is up to whoever lets requests in.
 */
@Component("searchIndex")
public class SearchIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SearchIndex.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Seconds until another try is worth it; nobody knows. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final ObjectProvider<SearchClient> client;
    private final String path;
    private final Duration timeout;

    /** As many as there are connections: the client's own queue for them gets slow when it is long. */
    private final Semaphore places;

    /** There is a client only where chunks are delivered to OpenSearch. */
    SearchIndex(ObjectProvider<SearchClient> client, Settings settings) {
        this.client = client;
        this.path = "/" + settings.opensearch().alias() + "/_search";
        this.timeout = settings.search().timeout();
        this.places = new Semaphore(settings.search().connections(), true);
    }

    /**
     * One search.
     *
     * @param query the body of a {@code _search}
     * @return OpenSearch's whole answer
     * @throws RequestRefused when OpenSearch cannot be reached or is overloaded, when all connections are in use for
     *     as long as {@code colleagues.search.timeout}, and when there is no index; 504 when the answer takes longer
     * @throws IllegalStateException when OpenSearch does not understand the query
     */
    public JsonNode search(JsonNode query) throws InterruptedException {
        SearchClient searches = client.getIfAvailable();
        if (searches == null) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE,
                            "there is no index to search: colleagues.deliver-to does not name opensearch")
                    .retryAfter(RETRY_AFTER);
        }
        long end = System.nanoTime() + timeout.toNanos();
        if (!places.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new RequestRefused(Kind.UNAVAILABLE, "too many searches are under way").retryAfter(RETRY_AFTER);
        }
        try {
            return search(query, searches.client(), end);
        } finally {
            places.release();
        }
    }

    private JsonNode search(JsonNode query, RestClient searches, long end) throws InterruptedException {
        Request request = new Request("POST", path);
        // Of an index with several shards, all or nothing.
        request.addParameter("allow_partial_search_results", "false");
        request.setJsonEntity(query.toString());
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Cancellable call = searches.performRequestAsync(request, into(answer));
        try (InputStream body = answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                .getEntity()
                .getContent()) {
            JsonNode found = JSON.readTree(body);
            if (!found.has("hits")) {
                throw new IOException("it is no answer to a search");
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
            // Of a call that has ended, it does nothing.
            call.cancel();
        }
    }

    private static RuntimeException failure(ExecutionException failure) {
        Refusal refusal = Refusal.of(failure);
        return refusal.blame() == Refusal.Blame.DOCUMENT
                ? new IllegalStateException("OpenSearch refused the query: " + refusal.reason(), failure)
                : unavailable(refusal);
    }

    /** OpenSearch's own words are for the log: they name hosts and indices. */
    private static RequestRefused unavailable(Refusal refusal) {
        LOG.warn("OpenSearch did not answer a search: {}", refusal.reason());
        return new RequestRefused(Kind.UNAVAILABLE, "the index cannot be searched now").retryAfter(RETRY_AFTER);
    }

    private static ResponseListener into(CompletableFuture<Response> answer) {
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
