package org.colleaguesearch.cluster;

import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.QueueBrowser;
import java.time.Instant;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.colleaguesearch.indexing.Chunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jms.JmsException;
import org.springframework.jms.UncategorizedJmsException;
import org.springframework.jms.connection.SessionProxy;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.stereotype.Component;

/**
 * The queues of a cluster: one for each indexer, {@code index-<indexer>}, and one for each node that may be asked as the keeper,
 * {@code keeper-<node>}. A message names a chunk; the ledger has the rest.
 * Stateless.
 */
@Component("queues")
public class Queues {
    private static final Logger LOG = LoggerFactory.getLogger(Queues.class);

    private final ObjectProvider<JmsTemplate> broker;

    /** @param broker absent without a cluster */
    Queues(ObjectProvider<JmsTemplate> broker) {
        this.broker = broker;
    }

    /** The message of a chunk. */
    public Map<String, Object> message(Chunk chunk) {
        return Map.of("batch", chunk.batchId(), "indexer", chunk.indexer(), "chunk", chunk.number());
    }

    /** The chunk that a message names, without its people. */
    public static Chunk chunk(Map<String, Object> message) {
        return new Chunk(
                message.get("batch").toString(),
                message.get("indexer").toString(),
                ((Number) message.get("chunk")).intValue(),
                List.of());
    }

    /**
     * What is in the queue of an indexer.
     *
     * @param messages including those that nodes work on
     * @param oldest when the first one that no node works on was sent, by the clock of the keeper then; empty if there is none
     */
    public record Depth(long messages, Optional<Instant> oldest) {}

    /**
     * The depth of a queue.
     *
     * @throws JmsException if the broker does not answer
     */
    public Depth depth(String indexer) {
        return Objects.requireNonNull(broker.getObject()
                .execute(
                        session -> {
                            String name = "index-" + indexer;
                            ActiveMQSession target = (ActiveMQSession)
                                    (session instanceof SessionProxy proxy ? proxy.getTargetSession() : session);
                            try (QueueBrowser browser = session.createBrowser(session.createQueue(name))) {
                                Enumeration<?> messages = browser.getEnumeration();
                                Optional<Instant> oldest = messages.hasMoreElements()
                                        ? Optional.of(Instant.ofEpochMilli(
                                                ((Message) messages.nextElement()).getJMSTimestamp()))
                                        : Optional.empty();
                                return new Depth(
                                        target.getCoreSession()
                                                .queueQuery(SimpleString.of(name))
                                                .getMessageCount(),
                                        oldest);
                            } catch (ActiveMQException e) {
                                throw new UncategorizedJmsException(e);
                            }
                        },
                        true));
    }

    /** Removes the messages of an indexer that are for other editions of the routes: perhaps no node has these any more. */
    public void dropOthers(String indexer, String edition) {
        try {
            broker.getObject()
                    .execute(
                            session -> {
                                try (MessageConsumer others = session.createConsumer(
                                        session.createQueue("index-" + indexer),
                                        "edition is null or edition <> '" + edition + "'")) {
                                    while (others.receiveNoWait() != null) {
                                        LOG.debug("dropped a message of {} for other routes", indexer);
                                    }
                                }
                                return null;
                            },
                            true);
        } catch (JmsException e) {
            // They only take space.
            LOG.debug("cannot drop messages of {} for other routes", indexer, e);
        }
    }

    /** Whether no message of an indexer waits for a node with these routes. False if the broker does not answer. */
    public boolean isEmpty(String indexer, String edition) {
        try {
            return Boolean.TRUE.equals(broker.getObject()
                    .browseSelected(
                            "index-" + indexer,
                            "edition = '" + edition + "'",
                            (session, browser) -> !browser.getEnumeration().hasMoreElements()));
        } catch (JmsException e) {
            LOG.debug("cannot browse the queue of {}", indexer, e);
            return false;
        }
    }
}
