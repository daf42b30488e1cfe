package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.tracing.KeptSpans;
import org.colleaguesearch.tracing.TraceContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opensearch.client.Cancellable;
import org.opensearch.client.Request;
import org.opensearch.client.Response;
import org.opensearch.client.ResponseException;
import org.opensearch.client.ResponseListener;
import org.opensearch.client.RestClient;

@org.junit.jupiter.api.Timeout(60)
class TracedRequestsTest {
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    /** Unordered: a span ends in a thread of the client, possibly after the caller has the response. */
    private final List<SpanData> ended = new CopyOnWriteArrayList<>();

    private final SdkTracerProvider traces = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new KeptSpans(ended)))
            .build();
    private final Tracer tracer = traces.get("test");
    private final Span parent = tracer.spanBuilder("parent").startSpan();

    @AfterEach
    void close() {
        traces.close();
    }

    @Test
    void namesTheOperationAndIndexButNoDocument() throws Exception {
        try (ScriptedServer server = new ScriptedServer(request -> Replies.json("{}"));
                RestClient client = client(server.url())) {
            inTrace(() -> client.performRequest(new Request("GET", "/colleagues/_doc/ada")));
            inTrace(() -> client.performRequest(new Request("POST", "/_bulk")));
            inTrace(() -> client.performRequest(new Request("GET", "/")));
        }

        await().until(() -> ended.size() == 3);
        assertThat(ended).extracting(SpanData::getName).containsExactlyInAnyOrder("doc colleagues", "bulk", "GET");
        assertThat(ended)
                .extracting(SpanData::getParentSpanId)
                .containsOnly(parent.getSpanContext().getSpanId());
    }

    @Test
    void refusalAndRefusedConnectionAreErrors() throws Exception {
        URI gone;
        try (ScriptedServer server = new ScriptedServer(request -> Replies.error(429));
                RestClient client = client(server.url())) {
            gone = server.url();
            assertThatThrownBy(() -> inTrace(() -> client.performRequest(new Request("POST", "/colleagues/_bulk"))))
                    .isInstanceOf(ResponseException.class);
        }
        try (RestClient client = client(gone)) {
            assertThatThrownBy(() -> inTrace(() -> client.performRequest(new Request("POST", "/colleagues/_bulk"))))
                    .isInstanceOf(IOException.class);
        }

        await().until(() -> ended.size() == 2);
        assertThat(ended)
                .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
        assertThat(ended)
                .extracting(span -> span.getAttributes().get(ERROR))
                .satisfiesExactlyInAnyOrder(
                        error -> assertThat(error).isEqualTo("429"),
                        error -> assertThat(error).endsWith("HttpHostConnectException"));
    }

    /** As for a search that takes too long. If the client does not report it, the time-out does. */
    @Test
    void cancelledRequestEndsItsSpan() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(request -> {
                    asked.countDown();
                    return Replies.hang();
                });
                RestClient client = client(server.url())) {
            Cancellable call =
                    inTrace(() -> client.performRequestAsync(new Request("POST", "/colleagues/_search"), nobody()));
            asked.await();
            call.cancel();

            await().until(() -> ended.size() == 1);
        }
        assertThat(ended.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void recordsNoSpanOutsideATrace() throws IOException {
        try (ScriptedServer server = new ScriptedServer(request -> Replies.json("{}"));
                RestClient client = client(server.url())) {
            client.performRequest(new Request("GET", "/_cluster/health"));
        }

        assertThat(ended).isEmpty();
    }

    private <T> T inTrace(Callable<T> request) throws Exception {
        return TraceContext.of(parent, tracer).wrap(request).call();
    }

    private static ResponseListener nobody() {
        return new ResponseListener() {
            @Override
            public void onSuccess(Response response) {}

            @Override
            public void onFailure(Exception failure) {}
        };
    }

    private static RestClient client(URI url) {
        return OpenSearchConfiguration.client(url, ShippedSettings.with().opensearch(), 2, Timeout.ofSeconds(5));
    }
}
