package org.colleaguesearch.delivery;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.SearchedSections;
import org.colleaguesearch.ledger.NodeTurns;
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

/** The OpenSearch clients, for the embedded OpenSearch if no URL is set. Camel's component finds its client by type. */
@Configuration(proxyBeanMethods = false)
@Conditional(OpenSearchConfiguration.WhenDelivered.class)
class OpenSearchConfiguration {
    /** Bulk requests on a busy cluster can take longer than the client's default of 30 s. */
    private static final Timeout RESPONSE_TIMEOUT = Timeout.ofSeconds(60);
    /** The client opens connections one after another; its default of 1 s is too short for the last of many. */
    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
    /** More than the chunks in flight, so that no bulk request waits for a connection. */
    private static final int CONNECTIONS = 100;

    @Bean
    @ConditionalOnExpression("'${colleagues.opensearch.url:}'.isEmpty()")
    EmbeddedOpenSearch embeddedOpenSearch(Settings settings) {
        EmbeddedOpenSearch embedded =
                new EmbeddedOpenSearch(settings.opensearch().embedded());
        embedded.start();
        return embedded;
    }

    /** Lazy, so that the rest of the application initializes while the embedded OpenSearch starts. */
    @Bean
    @Lazy
    RestClient openSearchClient(
            Settings settings,
            ObjectProvider<EmbeddedOpenSearch> embedded,
            SearchedSections sections,
            Indexers indexers,
            MeaningSupport meaning,
            NodeTurns turns) {
        Settings.OpenSearch connection = connection(settings, embedded);
        RestClient client = client(connection.url(), connection, CONNECTIONS, RESPONSE_TIMEOUT);
        Set<String> names = indexers.all().stream().map(Indexer::name).collect(Collectors.toSet());
        IndexSetup setup =
                new IndexSetup(client, settings.opensearch(), new DeclaredMapping(sections.all(), names), meaning);
        turns.run("index", setup::run);
        return client;
    }

    /** Used by edits of the routes, after the index is set up. */
    @Bean
    SearchedSections.Index searchedIndex(ObjectProvider<RestClient> client, Settings settings, MeaningSupport meaning) {
        return (sections, indexers) -> new IndexSetup(
                        client.getObject(), settings.opensearch(), new DeclaredMapping(sections, indexers), meaning)
                .extend();
    }

    /** Also lazy, and created after the other client, which sets up the index. */
    @Bean
    @Lazy
    @DependsOn("openSearchClient")
    SearchClient searchClient(Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded) {
        Settings.Search search = settings.search();
        // A search times out before that with a message of its own.
        Timeout timeout = Timeout.of(search.timeout().multipliedBy(2));
        Settings.OpenSearch connection = connection(settings, embedded);
        return new SearchClient(client(connection.url(), connection, search.connections(), timeout));
    }

    /** A stopping Camel context closes its client, so each context after the first gets its own. */
    @Bean
    CamelContextConfiguration openSearchOfLaterContexts(
            Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded, ObjectProvider<CamelContext> first) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                if (!camel.getName().equals(first.getObject().getName())) {
                    Settings.OpenSearch connection = connection(settings, embedded);
                    RestClient own = client(connection.url(), connection, CONNECTIONS, RESPONSE_TIMEOUT);
                    camel.getComponent("opensearch", OpensearchComponent.class).setClient(own);
                    // Camel closes it with the route that uses it, but that route may never start.
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
                // Nothing to do.
            }
        };
    }

    /** The settings, with the URL and credentials of the embedded OpenSearch if there is one. */
    private static Settings.OpenSearch connection(Settings settings, ObjectProvider<EmbeddedOpenSearch> embedded) {
        EmbeddedOpenSearch child = embedded.getIfAvailable();
        if (child == null) {
            return settings.opensearch();
        }
        URI url = child.awaitReady();
        return settings.opensearch().at(url, child.login().user(), child.login().password());
    }

    /** A client. The time-out applies to a response, and to the wait for a free connection. */
    static RestClient client(URI url, Settings.OpenSearch settings, int connections, Timeout timeout) {
        var builder = RestClient.builder(new HttpHost(url.getScheme(), url.getHost(), url.getPort()))
                .setRequestConfigCallback(config -> timeouts(config, timeout))
                .setHttpClientConfigCallback(
                        http -> http.setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                                        .setMaxConnPerRoute(connections)
                                        .setMaxConnTotal(connections)
                                        .build())
                                .addExecInterceptorFirst("whole-answer", new ResponseDeadline())
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

    @SuppressWarnings("deprecation") // The client sets its own time-out here, which overrides the connection manager's.
    private static RequestConfig.Builder timeouts(RequestConfig.Builder config, Timeout timeout) {
        return config.setConnectTimeout(CONNECT_TIMEOUT)
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout);
    }

    /** Matches if {@code colleagues.deliver-to} includes OpenSearch. */
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
