package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.colleaguesearch.tracing.KeptSpans;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The traces of batches whose chunks go to other nodes, over a queue in place of the broker. */
class RouteSpansTest {
    private final List<SpanData> spans = new CopyOnWriteArrayList<>();
    private final SdkTracerProvider traces = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(new KeptSpans(spans)))
            .build();
    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
        traces.close();
    }

    @Test
    void chunkTakenFromAQueueBelongsToTheTraceOfItsBatch() throws Exception {
        start();

        camel.createProducerTemplate().sendBody("direct:run-batch", "chunk");

        await().until(() -> spans.size() == 3);
        assertThat(spans)
                .extracting(SpanData::getTraceId)
                .containsOnly(span("run-batch").getTraceId());
        assertThat(span("take-patents").getParentSpanId())
                .isEqualTo(span("queue-chunk").getSpanId());
    }

    @Test
    void messageWithoutATraceStartsOne() throws Exception {
        start();

        camel.createProducerTemplate().sendBody("jms:index-patents", "chunk");

        await().until(() -> spans.size() == 1);
        assertThat(span("take-patents").getParentSpanContext().isValid()).isFalse();
    }

    private void start() throws Exception {
        camel.addComponent("jms", new SedaComponent());
        RouteSpans.addTo(camel, traces.get("test"));
        ProducerTemplate template = camel.createProducerTemplate();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:run-batch").routeId("run-batch").to("direct:queue-chunk");
                // The exchange itself does not go to another node: only its body and headers.
                from("direct:queue-chunk")
                        .routeId("queue-chunk")
                        .process(chunk -> template.sendBodyAndHeaders(
                                "jms:index-patents",
                                chunk.getMessage().getBody(),
                                chunk.getMessage().getHeaders()));
                from("jms:index-patents").routeId("take-patents").setBody(constant("done"));
            }
        });
        camel.start();
    }

    private SpanData span(String name) {
        return spans.stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
