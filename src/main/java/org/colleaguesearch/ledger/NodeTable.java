package org.colleaguesearch.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The nodes of the cluster in the ledger. Each node writes its own row alone. Stateless and thread-safe. */
@Component
@Transactional(label = Lease.ANY_NODE)
public class NodeTable {
    /** From when on a silent node counts as dead. Long enough for a pause of a busy machine. */
    public static final Duration SILENCE = Duration.ofSeconds(10);

    /** A query for the ids of the nodes that are alive, by the clock of the database. */
    static final String ALIVE =
            "select id from node where seen > current_timestamp - interval '" + SILENCE.toSeconds() + "' second";

    /** What is forgotten of nodes that have gone. */
    private static final String LONG_GONE = "seen < current_timestamp - interval '1' day";

    private final JdbcClient sql;

    NodeTable(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * A node that is alive.
     *
     * @param edition of its routes
     * @param failing the hosts of APIs that fail for it
     */
    public record Node(String id, String name, Instant started, String edition, Set<String> failing) {}

    /** Records that a node is alive, the edition of its routes, and which hosts of APIs fail for it. */
    public void beat(NodeId node, String edition, Set<String> failing) {
        sql.sql("insert into node (id, name, started, seen, edition, failing) values (?, ?, ?, current_timestamp, ?, ?)"
                        + " on conflict (id) do update set seen = current_timestamp, edition = excluded.edition,"
                        + " failing = excluded.failing")
                .params(node.text(), node.name(), Ledger.at(node.started()), edition, String.join("\n", failing))
                .update();
    }

    /** Records that a node has stopped: what it had is free. */
    public void leave(String id) {
        sql.sql("delete from node where id = ? or " + LONG_GONE).param(id).update();
    }

    /** The number of chunks that each node has taken and not ended, by its id. */
    @Transactional(readOnly = true)
    public Map<String, Long> chunks() {
        Map<String, Long> chunks = new HashMap<>();
        sql.sql(
                        "select c.node, count(*) chunks from chunk c join run r on r.batch_id = c.batch_id and r.indexer ="
                                + " c.indexer where r.state = 'running' and c.done is null and c.node is not null group by c.node")
                .query(row -> {
                    chunks.put(row.getString("node"), row.getLong("chunks"));
                });
        return chunks;
    }

    /** The ids of the nodes that are alive, or were within the last day and have not stopped. */
    @Transactional(readOnly = true)
    public Set<String> known() {
        return sql.sql("select id from node").query(String.class).set();
    }

    /** The nodes that are alive, in the order in which they started. */
    @Transactional(readOnly = true)
    public List<Node> alive() {
        return sql.sql("select id, name, started, edition, failing from node where id in (" + ALIVE
                        + ") order by started, id")
                .query((row, number) -> new Node(
                        row.getString("id"),
                        row.getString("name"),
                        row.getObject("started", OffsetDateTime.class).toInstant(),
                        row.getString("edition"),
                        row.getString("failing").lines().collect(Collectors.toSet())))
                .list();
    }
}
