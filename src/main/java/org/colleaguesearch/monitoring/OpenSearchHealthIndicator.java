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

/** Whether OpenSearch answers, and how its cluster is: down when red. Asks anew each time; safe for any thread. */
@Component
class OpenSearchHealthIndicator implements HealthIndicator {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A health check that hangs is of no use to whoever asks. */
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
                    .withDetail("reason", "colleagues.deliver-to does not name it")
                    .build();
        }
        // The client is made when the embedded OpenSearch is up; to ask for it before would be to wait for that.
        if (!beans.containsSingleton("openSearchClient")) {
            return Health.outOfService().withDetail("reason", "it is starting").build();
        }
        try {
            return of(cluster(beans.getBean(RestClient.class)));
        } catch (ResponseException e) {
            return Health.down()
                    .withDetail(
                            "reason", "HTTP " + e.getResponse().getStatusLine().getStatusCode())
                    .build();
        } catch (IOException | RuntimeException e) {
            // The client throws the latter for what is no answer in HTTP.
            return Health.down().withDetail("reason", ApiFailures.reason(e)).build();
        }
    }

    private static JsonNode cluster(RestClient client) throws IOException {
        Request request = new Request("GET", "/_cluster/health");
        request.setOptions(SOON);
        try (InputStream answer = client.performRequest(request).getEntity().getContent()) {
            return JSON.readTree(answer);
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
