package org.colleaguesearch.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.source.ApiFailures;
import org.opensearch.client.Request;
import org.opensearch.client.RequestOptions;
import org.opensearch.client.ResponseException;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether OpenSearch responds, and the status of its cluster: down when red. Each check sends a request. Thread-safe.
 */
@Component
class OpenSearchHealthIndicator implements HealthIndicator {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A health check that hangs is useless. */
    private static final RequestOptions SOON = RequestOptions.DEFAULT.toBuilder()
            .setRequestConfig(RequestConfig.custom()
                    .setConnectionRequestTimeout(Timeout.ofSeconds(2))
                    .setResponseTimeout(Timeout.ofSeconds(2))
                    .build())
            .build();

    private final ConfigurableListableBeanFactory beans;
    private final Deliveries deliveries;

    OpenSearchHealthIndicator(ConfigurableListableBeanFactory beans, Deliveries deliveries) {
        this.beans = beans;
        this.deliveries = deliveries;
    }

    @Override
    public Health health() {
        if (!deliveries.toOpenSearch()) {
            return Health.unknown()
                    .withDetail("reason", "colleagues.deliver-to does not include opensearch")
                    .build();
        }
        // The client is created once the embedded OpenSearch is up; getting the bean earlier would wait for that.
        if (!beans.containsSingleton("openSearchClient")) {
            return Health.outOfService()
                    .withDetail("reason", "OpenSearch is starting")
                    .build();
        }
        try {
            return of(cluster(beans.getBean(RestClient.class)));
        } catch (ResponseException e) {
            return Health.down()
                    .withDetail(
                            "reason", "HTTP " + e.getResponse().getStatusLine().getStatusCode())
                    .build();
        } catch (IOException | RuntimeException e) {
            // The client throws a RuntimeException if the response is not HTTP.
            return Health.down().withDetail("reason", ApiFailures.reason(e)).build();
        }
    }

    private static JsonNode cluster(RestClient client) throws IOException {
        Request request = new Request("GET", "/_cluster/health");
        request.setOptions(SOON);
        try (InputStream response = client.performRequest(request).getEntity().getContent()) {
            return JSON.readTree(response);
        }
    }

    private static Health of(JsonNode cluster) {
        String status = cluster.path("status").asText();
        Health.Builder health = status.equals("green") || status.equals("yellow") ? Health.up() : Health.down();
        return health.withDetail("cluster", cluster.path("cluster_name").asText())
                .withDetail("status", status)
                .withDetail("nodes", cluster.path("number_of_nodes").asInt())
                .build();
    }
}
