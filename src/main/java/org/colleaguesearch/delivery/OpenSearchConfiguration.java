package org.colleaguesearch.delivery;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.opensearch.OpensearchComponent;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.IOHelper;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.embedded.EmbeddedOpenSearch;
import org.colleaguesearch.settings.Settings;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The clients of OpenSearch, ready for use: embedded when no URL is set. Camel's component finds its one by type. */
@Configuration(proxyBeanMethods = false)
@Conditional(OpenSearchConfiguration.WhenDelivered.class)
class OpenSearchConfiguration {
    /** A bulk request on a busy cluster takes its time; the client's default of 30 s would give up on it. */
    private static final Timeout RESPONSE_TIMEOUT = Timeout.ofSeconds(60);
    /** Many connections at once are made one after the other; the client's default of 1 s would give up on the last. */
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
    /** More than there are chunks in flight, so that no bulk request waits for a connection. */
    private static final int CONNECTIONS = 100;

    @Bean
    @ConditionalOnExpression("'${colleagues.opensearch.url:}'.isEmpty()")
    EmbeddedOpenSearch embeddedOpenSearch(Settings settings) {
        EmbeddedOpenSearch embedded =
                new EmbeddedOpenSearch(settings.opensearch().embedded());
        embedded.start();
        return embedded;
    }

    /** Lazy, so that the rest of the application is set up while the embedded OpenSearch starts. */
    @Bean
    @Lazy
    RestClient openSearchClient(Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded) {
        Settings.OpenSearch reached = reached(settings, embedded);
        RestClient client = client(reached.url(), reached, CONNECTIONS, RESPONSE_TIMEOUT);
        new IndexSetup(client, settings.opensearch()).run();
        return client;
    }

    /** Lazy, too, and after the other, which sees to it that there is an index. */
    @Bean
    @Lazy
    @DependsOn("openSearchClient")
    SearchClient searchClient(Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded) {
        Settings.Search search = settings.search();
        // Whoever searches gives up before, and says so.
        Timeout timeout = Timeout.of(search.timeout().multipliedBy(2));
        Settings.OpenSearch reached = reached(settings, embedded);
        return new SearchClient(client(reached.url(), reached, search.connections(), timeout));
    }

    /** Camel closes the client of a context that stops: only the first one has that of the application. */
    @Bean
    CamelContextConfiguration openSearchOfLaterContexts(
            Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded, ObjectProvider<CamelContext> first) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                if (!camel.getName().equals(first.getObject().getName())) {
                    Settings.OpenSearch reached = reached(settings, embedded);
                    RestClient own = client(reached.url(), reached, CONNECTIONS, RESPONSE_TIMEOUT);
                    camel.getComponent("opensearch", OpensearchComponent.class).setClient(own);
                    // Camel closes it with the route that uses it, which may never have started.
                    camel.addLifecycleStrategy(new LifecycleStrategySupport() {
                        @Override
                        public void onContextStopped(CamelContext stopped) {
                            IOHelper.close(own);
                        }
                    });
                }
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // Its routes have their client.
            }
        };
    }

    /** The index, with URL and credentials: of the embedded OpenSearch, its own. */
    private static Settings.OpenSearch reached(Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded) {
        EmbeddedOpenSearch child = embedded.getIfAvailable();
        if (child == null) {
            return settings.opensearch();
        }
        URI url = child.awaitReady();
        return settings.opensearch().at(url, child.login().user(), child.login().password());
    }

    /** Whoever finds all connections in use waits for one, as long as for an answer. */
    static RestClient client(URI url, Settings.OpenSearch settings, int connections, Timeout timeout) {
        var builder = RestClient.builder(new HttpHost(url.getScheme(), url.getHost(), url.getPort()))
                .setRequestConfigCallback(config -> timeouts(config, timeout))
                .setHttpClientConfigCallback(
                        http -> http.setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                                        .setMaxConnPerRoute(connections)
                                        .setMaxConnTotal(connections)
                                        .build())
                                .addExecInterceptorFirst("whole-answer", new WholeAnswerLimit())
                                .addExecInterceptorFirst("trace", new TracedRequests()));
        if (url.getPath() != null && !url.getPath().isEmpty() && !"/".equals(url.getPath())) {
            builder.setPathPrefix(url.getPath());
        }
        if (!settings.username().isEmpty()) {
            String credentials = settings.username() + ":" + settings.password().reveal();
            builder.setDefaultHeaders(new Header[] {
                new BasicHeader(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            });
        }
        return builder.build();
    }

    @SuppressWarnings(
            "deprecation") // The client sets its own time-out here, which goes before the connection manager's.
    private static RequestConfig.Builder timeouts(RequestConfig.Builder config, Timeout timeout) {
        return config.setConnectTimeout(CONNECT_TIMEOUT)
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout);
    }

    /** True when {@code colleagues.deliver-to} names OpenSearch. */
    static final class WhenDelivered implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Binder.get(context.getEnvironment())
                    .bind("colleagues.deliver-to", Bindable.setOf(Settings.Target.class))
                    .orElse(Set.of())
                    .contains(Settings.Target.OPENSEARCH);
        }
    }
}
