package org.colleaguesearch.cluster;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Chunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jms.JmsException;
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

    /** Whether no message of an indexer waits to be taken. False if the broker does not answer. */
    public boolean isEmpty(String indexer) {
        try {
            return Boolean.TRUE.equals(broker.getObject()
                    .browse(
                            "index-" + indexer,
                            (session, browser) -> !browser.getEnumeration().hasMoreElements()));
        } catch (JmsException e) {
            LOG.debug("cannot browse the queue of {}", indexer, e);
            return false;
        }
    }
}
