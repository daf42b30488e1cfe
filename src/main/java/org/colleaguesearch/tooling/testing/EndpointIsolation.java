package org.colleaguesearch.tooling.testing;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.file.FileEndpoint;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Isolates routes from external systems: HTTP endpoints get their answers from the case, file endpoints write below a
 * folder, all others fail, and none consumes anything.
 *
 * @param folder that file endpoints may write to
 */
record EndpointIsolation(Stage stage, Path folder) implements EndpointStrategy {
    /** Schemes that stay inside the application. The OpenSearch component gets its answers through its client. */
    private static final Set<String> INSIDE =
            Set.of("direct", "seda", "log", "bean", "class", "language", "dataformat", "opensearch", "mock");

    static String scheme(String uri) {
        int end = uri.indexOf(':');
        return (end < 0 ? uri : uri.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        if (endpoint instanceof HttpEndpoint http) {
            HttpClientConfigurer configurer = http.getHttpClientConfigurer();
            http.setHttpClientConfigurer(client -> {
                if (configurer != null) {
                    configurer.configureHttpClient(client);
                }
                // Before authentication, which may call another server.
                client.addExecInterceptorFirst("case", new CaseAnswers(stage));
            });
            return http;
        }
        return INSIDE.contains(scheme(uri)) ? endpoint : new Closed(endpoint, stage, folder);
    }

    /** An endpoint of an external system. */
    private static final class Closed extends DefaultEndpoint {
        private final Endpoint outer;
        private final Stage stage;
        private final Path folder;

        Closed(Endpoint outer, Stage stage, Path folder) {
            super(outer.getEndpointUri(), null);
            setCamelContext(outer.getCamelContext());
            this.outer = outer;
            this.stage = stage;
            this.folder = folder;
        }

        @Override
        public Producer createProducer() throws Exception {
            if (outer instanceof FileEndpoint files
                    && Path.of(files.getConfiguration().getDirectory())
                            .toAbsolutePath()
                            .normalize()
                            .startsWith(folder)) {
                ServiceHelper.startService(outer);
                return outer.createProducer();
            }
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    throw stage.unanswered("calls " + getEndpoint().getEndpointBaseUri(), "{}");
                }
            };
        }

        /** Consumes nothing: the runner passes cases to the processor. */
        @Override
        public Consumer createConsumer(Processor processor) {
            return new DefaultConsumer(this, processor);
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(outer);
            super.doStop();
        }
    }
}
