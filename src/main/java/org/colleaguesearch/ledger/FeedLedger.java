package org.colleaguesearch.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The items of bulk feeds, from the reading of their page until their run has ended. Stateless and thread-safe. Each
 * method is one transaction, committed when the method returns. Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class FeedLedger {
    private static final String OF_RUN = " where batch_id = ? and indexer = ?";

    private final JdbcClient sql;
    private final JdbcTemplate many;

    FeedLedger(JdbcClient sql, JdbcTemplate many) {
        this.sql = sql;
        this.many = many;
    }

    /** How far a feed has been read; empty before its first page. */
    @Transactional(readOnly = true)
    public Optional<FeedProgress> find(String batchId, String indexer) {
        return sql.sql("select definition, next_url, pages, items, stored from feed" + OF_RUN)
                .params(batchId, indexer)
                .query((row, number) -> new FeedProgress(
                        row.getString("definition"),
                        row.getString("next_url"),
                        row.getInt("pages"),
                        row.getLong("items"),
                        row.getLong("stored")))
                .optional();
    }

    /**
     * Adds pages. May be repeated if its success is uncertain.
     *
     * @param progress after the pages
     * @param items those of the pages
     */
    public void add(String batchId, String indexer, FeedProgress progress, List<FeedItem> items) {
        int updated = sql.sql("update feed set next_url = ?, pages = ?, items = ?, stored = ?" + OF_RUN)
                .params(progress.next(), progress.pages(), progress.items(), progress.stored(), batchId, indexer)
                .update();
        if (updated == 0) {
            sql.sql("insert into feed (next_url, pages, items, stored, batch_id, indexer, definition)"
                            + " values (?, ?, ?, ?, ?, ?, ?)")
                    .params(
                            progress.next(),
                            progress.pages(),
                            progress.items(),
                            progress.stored(),
                            batchId,
                            indexer,
                            progress.definition())
                    .update();
        }
        long first = progress.stored() - items.size();
        sql.sql("delete from feed_item" + OF_RUN + " and position >= ?")
                .params(batchId, indexer, first)
                .update();
        many.batchUpdate(
                "insert into feed_item (batch_id, indexer, position, person, item) values (?, ?, ?, ?, ?)",
                IntStream.range(0, items.size())
                        .mapToObj(i -> new Object[] {
                            batchId,
                            indexer,
                            first + i,
                            items.get(i).person(),
                            items.get(i).json()
                        })
                        .toList());
    }

    /** The items of a person, in the order of the listing. */
    @Transactional(readOnly = true)
    public List<String> items(String batchId, String indexer, String person) {
        return sql.sql("select item from feed_item" + OF_RUN + " and person = ? order by position")
                .params(batchId, indexer, person)
                .query(String.class)
                .list();
    }

    /** The number of items of some people. */
    @Transactional(readOnly = true)
    public long count(String batchId, String indexer, Collection<String> people) {
        long count = 0;
        for (String person : people) {
            count += sql.sql("select count(*) from feed_item" + OF_RUN + " and person = ?")
                    .params(batchId, indexer, person)
                    .query(Long.class)
                    .single();
        }
        return count;
    }

    /**
     * Forgets a feed, a part in each call: its items, the last ones first, and then that it was read.
     *
     * @param most items to delete at once
     * @return whether there is more to forget
     */
    public boolean forget(String batchId, String indexer, int most) {
        Long last = sql.sql("select max(position) from feed_item" + OF_RUN)
                .params(batchId, indexer)
                .query(Long.class)
                .optional()
                .orElse(null);
        if (last == null) {
            sql.sql("delete from feed" + OF_RUN).params(batchId, indexer).update();
            return false;
        }
        sql.sql("delete from feed_item" + OF_RUN + " and position > ?")
                .params(batchId, indexer, last - most)
                .update();
        return true;
    }

    /** The indexers with a feed in a batch. */
    @Transactional(readOnly = true)
    public List<String> indexers(String batchId) {
        return sql.sql("select indexer from feed where batch_id = ?")
                .param(batchId)
                .query(String.class)
                .list();
    }

    /**
     * How far a feed has been read.
     *
     * @param definition of how the indexer reads it: SHA-256 in hexadecimal
     * @param next the URL of the page to read; null when all are read
     * @param pages the number of pages read
     * @param items the number of items on them, as the API counts them
     * @param stored the number of items that are stored
     */
    public record FeedProgress(String definition, String next, int pages, long items, long stored) {}

    /**
     * An item.
     *
     * @param person the value by which the listing names the person
     */
    public record FeedItem(String person, String json) {}
}
