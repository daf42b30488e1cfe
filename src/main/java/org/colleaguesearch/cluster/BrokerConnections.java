package org.colleaguesearch.cluster;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.connection.CachingConnectionFactory;

/**
 * One connection to the broker for all sessions of the node, made again when it fails. Logs one line when the broker is lost and
 * one when it is back: each consumer of a queue tries again every second. Thread-safe, as its superclass.
 */
final class BrokerConnections extends CachingConnectionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnections.class);

    private final String url;
    private final AtomicBoolean isLost = new AtomicBoolean();
    /** Without the port of the connection, so as many as there are queues. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** @param url for the log, without credentials */
    BrokerConnections(ConnectionFactory broker, String url) {
        super(broker);
        this.url = url;
    }

    @Override
    protected Connection doCreateConnection() throws JMSException {
        try {
            Connection connection = super.doCreateConnection();
            if (isLost.getAndSet(false)) {
                LOG.info("connected to the broker {} again", url);
            }
            return connection;
        } catch (JMSException e) {
            note(e);
            throw e;
        }
    }

    /** Called for each attempt of a consumer of a queue that fails. Logs each reason once that has to do with permissions. */
    void consumerFailed(JMSException failure) {
        if (failure instanceof JMSSecurityException
                && refused.add(String.valueOf(failure.getMessage()).replaceAll(":\\d+", ""))) {
            LOG.error(
                    "the broker {} refuses a queue: {}; check the permissions of colleagues.cluster.username",
                    url,
                    failure.getMessage());
        }
    }

    /** As the superclass, which also logs a stack trace. */
    @Override
    public void onException(JMSException failure) {
        note(failure);
        resetConnection();
    }

    private void note(JMSException failure) {
        if (!isLost.getAndSet(true)) {
            Throwable reason = failure.getCause() == null ? failure : failure.getCause();
            LOG.warn("the broker {} is unavailable: {}; trying again every second", url, reason.getMessage());
        }
    }
}
