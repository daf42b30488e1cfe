package org.colleaguesearch.routes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.mock.MockEndpoint;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application for the test classes of several routes: one start for all, an empty ledger for each test. Their tests
 * run one after the other, for which each class has the resource lock {@link #ONE_AT_A_TIME}.
 */
final class SharedApplication implements BeforeAllCallback, BeforeEachCallback {
    static final String ONE_AT_A_TIME = "SharedApplication";

    /** What runs a batch in the background: nothing, unless a test says so. */
    static volatile Processor running = exchange -> {};

    /** What the API answers to a call, whose body is the URL: that there is no such thing, unless a test says otherwise. */
    static volatile Processor api = SharedApplication::notFound;

    static final SharedApplication RUNS = new SharedApplication(RouteApplication.of(
                    "list-runs",
                    "get-run",
                    "cancel-run",
                    "get-run-errors",
                    "retry-run-errors",
                    "start-runs",
                    "list-indexers",
                    "list-nodes",
                    "run-in-background",
                    "batch-completed",
                    "sweep",
                    "complete-run",
                    "run-indexer",
                    "index-chunk",
                    "fetch-section",
                    "extract-queries",
                    "dry-run-indexer",
                    "dry-run",
                    "try-indexer",
                    "read-people",
                    "read-people-pages",
                    "fetch-list-page",
                    "fetch-url")
            .with("colleagues.apis.default.retry.attempts", 2)
            .with("colleagues.apis.default.retry.first-delay", "1ms")
            .with(
                    "fetch-url",
                    route -> route.weaveById("call-url")
                            .replace()
                            .to("mock:call-api")
                            .process(exchange -> api.process(exchange)))
            .withTestRoute("index-sample")
            .withTestRoute("index-other")
            .with(
                    "run-in-background",
                    route -> route.weaveById("run-unwatched")
                            .replace()
                            .to("mock:run-batch")
                            .process(exchange -> running.process(exchange))));

    /** What the search answers: nobody, unless a test says so. */
    static volatile Processor search = SharedApplication::nobody;

    private static final LocalServer OPENSEARCH = new LocalServer(request -> LocalServer.Answer.status(200));

    static final SharedApplication EXTRACT = new SharedApplication(
            extract().with("extract-queries", route -> route.replaceFromWith("direct:extract-queries")));

    private final RouteApplication application;

    private SharedApplication(RouteApplication application) {
        this.application = application;
    }

    /** The extract, with a search that tests make. */
    static RouteApplication extract() {
        return RouteApplication.of("extract-queries", "extract-query", "search-query")
                .with("colleagues.deliver-to", "opensearch")
                .with("colleagues.opensearch.url", OPENSEARCH.url())
                .with("colleagues.extract.settle", "500ms")
                .with("colleagues.extract.retry.attempts", 3)
                .with("colleagues.extract.retry.first-delay", "1ms")
                .with(
                        "search-query",
                        route -> route.weaveById("search-people")
                                .replace()
                                .process(exchange -> search.process(exchange)));
    }

    private static void nobody(Exchange exchange) {
        exchange.getMessage().setBody("{\"total\":0,\"hits\":[],\"facets\":{}}");
    }

    private static void notFound(Exchange exchange) throws Exception {
        throw Sample.status(404, null);
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        test.getRoot().getStore(Namespace.GLOBAL).getOrComputeIfAbsent(this, key -> {
            application.start();
            return (CloseableResource) application::close;
        });
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        application.beforeEach(test);
        running = exchange -> {};
        search = SharedApplication::nobody;
        api = SharedApplication::notFound;
        bean(JdbcClient.class).sql("delete from batch").update();
    }

    RouteApplication application() {
        return application;
    }

    <T> T bean(Class<T> type) {
        return application.bean(type);
    }

    MockEndpoint mock(String name) {
        return application.mock(name);
    }

    /** What an operation answers to these headers, on behalf of the key {@code ops}. */
    Answer call(String operation, Object body, Map<String, Object> headers) {
        return new Answer(bean(ProducerTemplate.class).send("direct:" + operation, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeader("X-API-Caller", "ops");
            headers.forEach(exchange.getMessage()::setHeader);
        }));
    }

    /** What an operation on a run answers. */
    Answer call(String operation, String runId) {
        return call(operation, null, Map.of("run_id", runId));
    }

    void close(Batch batch) {
        bean(Batches.class).close(batch);
    }

    /** What goes out. */
    record Answer(Exchange exchange) {
        int status() {
            return exchange.getMessage().getHeader("CamelHttpResponseCode", 200, Integer.class);
        }

        String header(String name) {
            return exchange.getMessage().getHeader(name, String.class);
        }

        String text() {
            return exchange.getMessage().getBody(String.class);
        }

        JsonNode json() {
            return Sample.json(text());
        }
    }
}
