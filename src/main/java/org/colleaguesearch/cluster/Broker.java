package org.colleaguesearch.cluster;

import jakarta.jms.ConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jms.core.JmsTemplate;

/** The broker that hands out the chunks of runs to the nodes of a cluster: Camel's component {@code jms}. */
@Configuration(proxyBeanMethods = false)
@InCluster
class Broker {
    /** In milliseconds: how soon a message returns whose node is suspended, or parted from the broker. */
    private static final long CONNECTION_TTL = 15_000;

    private static final long CHECK_PERIOD = 5_000;
    private static final long CALL_TIMEOUT = 10_000;
    /** Before each attempt to connect again. */
    private static final long RECOVERY_INTERVAL = 1_000;

    static {
        // Netty, which the client uses, would otherwise make Java 24 and later warn at every start.
        System.setProperty("io.netty.noUnsafe", "true");
        System.setProperty("io.netty.transport.noNative", "true");
    }

    /** Sessions that senders keep. */
    private static final int SESSIONS = 16;

    /** Takes no message before a consumer asks for one, so that none waits at a busy node while another has nothing to do. */
    @Bean
    BrokerConnections brokerConnections(Settings settings) {
        Settings.Cluster cluster = settings.cluster();
        try {
            ActiveMQConnectionFactory broker = new ActiveMQConnectionFactory(cluster.brokerUrl());
            broker.setUser(cluster.username());
            broker.setPassword(
                    cluster.password() == null ? null : cluster.password().reveal());
            broker.setConsumerWindowSize(0);
            broker.setConnectionTTL(CONNECTION_TTL);
            broker.setClientFailureCheckPeriod(CHECK_PERIOD);
            broker.setCallTimeout(CALL_TIMEOUT);
            BrokerConnections connections = new BrokerConnections(broker, Secret.hiddenIn(cluster.brokerUrl()));
            connections.setSessionCacheSize(SESSIONS);
            connections.setCacheConsumers(false);
            return connections;
        } catch (RuntimeException e) {
            throw new StartFailure(
                    "colleagues.cluster.broker-url " + Secret.hiddenIn(cluster.brokerUrl())
                            + ": expected the URL of a broker, such as tcp://broker.example.org:61616: "
                            + Secret.hiddenIn(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** Each consumer works on one chunk at a time. What it takes returns to the queue unless the chunk ends. */
    @Bean
    ComponentCustomizer chunkConsumers(Pools pools, BrokerConnections connections) {
        // After Camel's own, which sets all options to their defaults.
        return ComponentCustomizer.builder(JmsComponent.class)
                .withOrder(Ordered.LOWEST_PRECEDENCE)
                .build(jms -> {
                    jms.setTransacted(true);
                    jms.setLazyCreateTransactionManager(false);
                    jms.setCacheLevelName("CACHE_CONSUMER");
                    jms.setConcurrentConsumers(pools.config().get("chunks").poolSize());
                    jms.setAcceptMessagesWhileStopping(false);
                    jms.setRecoveryInterval(RECOVERY_INTERVAL);
                    // QueuedChunks logs why a chunk fails, BrokerConnections that the broker is gone.
                    jms.setErrorHandlerLoggingLevel(LoggingLevel.DEBUG);
                    jms.setExceptionListener(connections::consumerFailed);
                });
    }

    @Bean
    JmsTemplate brokerTemplate(ConnectionFactory brokerConnections) {
        return new JmsTemplate(brokerConnections);
    }
}
