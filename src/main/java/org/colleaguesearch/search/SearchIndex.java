package org.colleaguesearch.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
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

    private static final ContentType NDJSON = ContentType.create("application/x-ndjson", StandardCharsets.UTF_8);

    /** A key of a query whose response has the scores of its named parts. */
    private static final String SCORES = "include_named_queries_score";

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
        this.path = "/" + settings.opensearch().alias();
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
        return search(query, Map.of());
    }

    private JsonNode search(JsonNode query, Map<String, String> parameters) throws InterruptedException {
        Request request = new Request("POST", path + "/_search");
        // With several shards: all or nothing.
        request.addParameter("allow_partial_search_results", "false");
        request.addParameters(parameters);
        request.setJsonEntity(query.toString());
        return answered(call(request));
    }

    /**
     * Runs searches beside each other, in one request; one after the other if one asks for the scores of its named parts, which
     * OpenSearch returns to a search alone. The pages of one query come from the same copies of the shards: the
     * order of people with equal scores differs between copies.
     *
     * @param queries the bodies of searches
     * @return OpenSearch's response to each of them, in the same order
     * @throws RequestRefused as {@link #search}, if any of them fails
     * @throws IllegalStateException if OpenSearch does not understand one of them
     */
    public JsonNode searchAll(JsonNode queries) throws InterruptedException {
        if (queries.findValue(SCORES) != null) {
            ArrayNode answers = JSON.createArrayNode();
            for (JsonNode query : queries) {
                answers.add(search(query, Map.of("preference", preference(query), SCORES, "true")));
            }
            return answers;
        }
        StringBuilder lines = new StringBuilder();
        queries.forEach(query -> lines.append(JSON.createObjectNode()
                        .put("allow_partial_search_results", false)
                        .put("preference", preference(query)))
                .append('\n')
                .append(query)
                .append('\n'));
        Request request = new Request("POST", path + "/_msearch");
        request.setEntity(new StringEntity(lines.toString(), NDJSON));
        JsonNode answers = call(request).path("responses");
        if (answers.size() != queries.size()) {
            throw unavailable(new Refusal(Refusal.Blame.TIME, "the response has no answer to each search"));
        }
        answers.forEach(SearchIndex::answered);
        return answers;
    }

    private static String preference(JsonNode query) {
        return Integer.toHexString(query.path("query").hashCode());
    }

    private JsonNode call(Request request) throws InterruptedException {
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
            return call(request, searches.client(), end);
        } finally {
            places.release();
        }
    }

    private JsonNode call(Request request, RestClient searches, long end) throws InterruptedException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Cancellable call = searches.performRequestAsync(request, completing(answer));
        try (InputStream body = answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)
                .getEntity()
                .getContent()) {
            return JSON.readTree(body);
        } catch (TimeoutException e) {
            throw new RequestRefused(
                            Kind.TIMED_OUT, "the search took longer than " + timeout.toMillis() / 1000.0 + " s")
                    .retryAfter(RETRY_AFTER);
        } catch (ExecutionException e) {
            throw failure(Refusal.of(e), e);
        } catch (IOException e) {
            throw unavailable(Refusal.of(e));
        } finally {
            // Has no effect on a completed call.
            call.cancel();
        }
    }

    /** The response to one search, which has hits unless it failed. */
    private static JsonNode answered(JsonNode answer) {
        if (answer.has("hits")) {
            return answer;
        }
        JsonNode error = answer.path("error");
        throw error.isMissingNode()
                ? unavailable(new Refusal(Refusal.Blame.TIME, "the response has no 'hits'"))
                : failure(
                        Refusal.of(
                                answer.path("status").asInt(),
                                error.path("type").asText(),
                                error.path("reason").asText()),
                        null);
    }

    private static RuntimeException failure(Refusal refusal, Exception cause) {
        return refusal.blame() == Refusal.Blame.DOCUMENT
                ? new IllegalStateException("OpenSearch refused the query: " + refusal.reason(), cause)
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
