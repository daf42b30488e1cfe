package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.RoutePolicySupport;
import org.colleaguesearch.failure.PausedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The work on one message, without a broker: a consumer that fails returns the message to the queue. */
class TakeChunksRouteTest {
    private final CamelContext camel = new DefaultCamelContext();
    private final Chunks chunks = new Chunks();

    @BeforeEach
    void start() throws Exception {
        camel.addComponent("jms", new Queue());
        camel.getRegistry().bind("queuedChunks", chunks);
        camel.getRegistry().bind("logContext", new RoutePolicySupport() {});
        camel.getRegistry().bind("whileShared", new RoutePolicySupport() {});
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.resolveResource(
                        camel,
                        "file:" + Path.of("routes/index/take-chunks.camel.yaml").toAbsolutePath()));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:index-sample").bean(chunks, "index");
            }
        });
        TemplatedRouteBuilder.builder(camel, "take-chunks")
                .parameter("indexer", "sample")
                .parameter("edition", "e1")
                .add();
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void indexesAndReleasesTheChunk() {
        receive();

        assertThat(chunks.steps).containsExactly("take e1", "run", "index", "release chunk");
    }

    @Test
    void doesNothingWithAMessageWhoseChunkIsDone() {
        chunks.isDone = true;
        receive();

        assertThat(chunks.steps).containsExactly("take e1");
    }

    @Test
    void returnsTheMessageAndReleasesTheChunkWhenIndexingFails() {
        chunks.failing = "index";

        assertThat(receivingFails()).isInstanceOf(PausedException.class);
        assertThat(chunks.steps).containsExactly("take e1", "run", "failed chunk", "release chunk");
    }

    /** Also when the run has ended since: a chunk that is not released would be held by this node for ever. */
    @Test
    void returnsTheMessageAndReleasesTheChunkWhenItsRunHasEnded() {
        chunks.failing = "run";

        assertThat(receivingFails()).isInstanceOf(PausedException.class);
        assertThat(chunks.steps).containsExactly("take e1", "failed chunk", "release chunk");
    }

    private void receive() {
        camel.createProducerTemplate().sendBodyAndHeader("jms:queue:index-sample", Map.of("chunk", 1), "edition", "e1");
    }

    private Throwable receivingFails() {
        return catchThrowable(this::receive).getCause();
    }

    /** In place of a queue. */
    private static final class Queue extends DirectComponent {
        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
                throws Exception {
            parameters.clear();
            return super.createEndpoint(uri, remaining, parameters);
        }
    }

    /** In place of those of the ledger; public for Camel. */
    public static final class Chunks {
        private final List<String> steps = new CopyOnWriteArrayList<>();
        private boolean isDone;
        private String failing = "";

        public String take(Map<String, Object> message, String edition, Boolean isReturned, CamelContext routes) {
            steps.add("take " + edition);
            return isDone ? null : "chunk";
        }

        public String run(String taken) {
            note("run");
            return "run";
        }

        public void index(String taken) {
            note("index");
        }

        public void failed(String taken, Exception failure) throws Exception {
            steps.add("failed " + taken);
            throw failure;
        }

        public void release(String taken) {
            steps.add("release " + taken);
        }

        private void note(String step) {
            if (failing.equals(step)) {
                throw new PausedException(step);
            }
            steps.add(step);
        }
    }
}
