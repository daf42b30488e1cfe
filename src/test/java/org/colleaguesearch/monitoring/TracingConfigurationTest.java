package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.resources.Resource;
import org.colleaguesearch.ledger.NodeId;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.tracing.TraceContext;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryProperties;
import org.springframework.boot.actuate.autoconfigure.tracing.TracingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class TracingConfigurationTest {
    private static final String CLUSTER = "colleagues.cluster.broker-url=tcp://broker.test:61616";

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withPropertyValues(TraceContext.ENDPOINT + "=http://127.0.0.1:4318/v1/traces")
            .withBean(OpenTelemetry.class, OpenTelemetry::noop)
            // Not a bean definition: its values would be bound again.
            .withInitializer(context -> context.getBeanFactory()
                    .registerSingleton("settings", ShippedSettings.with("colleagues.cluster.node=one")))
            .withBean(NodeId.class)
            .withUserConfiguration(Properties.class, TracingConfiguration.class, NodeTag.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({OpenTelemetryProperties.class, TracingProperties.class})
    static class Properties {}

    @Test
    void tracesOfAClusterNameTheNode() {
        assertThat(instance(application.withPropertyValues(CLUSTER))).isEqualTo("one");
    }

    @Test
    void settingsNameTheInstanceOtherwise() {
        assertThat(instance(application.withPropertyValues(
                        CLUSTER, "management.opentelemetry.resource-attributes.service.instance.id=other")))
                .isEqualTo("other");
    }

    @Test
    void onlyNodeHasNoInstance() {
        assertThat(instance(application)).isNull();
    }

    private static String instance(ApplicationContextRunner application) {
        String[] instance = new String[1];
        application.run(context -> instance[0] =
                context.getBean(Resource.class).getAttribute(AttributeKey.stringKey("service.instance.id")));
        return instance[0];
    }
}
