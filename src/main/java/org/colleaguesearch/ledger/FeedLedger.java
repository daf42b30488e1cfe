package org.colleaguesearch.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The items of bulk feeds, from the reading of their page until their run has ended. They are kept as one text for each
 * slice of the list of people, since large rows without an index by person keep the file of H2 small. Stateless and
 * thread-safe. Except for those that forget feeds, each method is one transaction, committed when the method returns.
 * Writing requires the {@link Lease}.
 */
@Component
@Transactional
public class FeedLedger {
    /**
     * Characters of a row. H2 reads several rows at once, with two bytes for each character, and large arrays slow Java
     * down.
     */
    private static final int LONGEST = 64_000;

    /** Characters of rows that are sent together. Items of a value that many people share are in many slices. */
    private static final int MOST_TOGETHER = 8_000_000;

    private static final String OF_RUN = " where batch_id = ? and indexer = ?";

    private final JdbcClient sql;
    private final JdbcTemplate many;
    private final TransactionTemplate transactions;

    FeedLedger(JdbcClient sql, JdbcTemplate many, TransactionTemplate transactions) {
        this.sql = sql;
        this.many = many;
        this.transactions = transactions;
    }

    /** How far a feed has been read; empty before its first page. */
    @Transactional(readOnly = true)
    public Optional<FeedProgress> find(String batchId, String indexer) {
        return sql.sql("select definition, next_url, pages, items, stored, of_nobody from feed" + OF_RUN)
                .params(batchId, indexer)
                .query((row, number) -> new FeedProgress(
                        row.getString("definition"),
                        row.getString("next_url"),
                        row.getInt("pages"),
                        row.getLong("items"),
                        row.getLong("stored"),
                        row.getLong("of_nobody")))
                .optional();
    }

    /**
     * Adds pages. May be repeated if its success is uncertain.
     *
     * @param progress after the pages
     * @param texts what they add to the texts of slices, in pieces
     */
    public void add(String batchId, String indexer, FeedProgress progress, Map<Integer, List<String>> texts) {
        Optional<FeedProgress> before = find(batchId, indexer);
        if (before.filter(known -> known.pages() >= progress.pages()).isPresent()) {
            return;
        }
        if (before.isEmpty()) {
            sql.sql("insert into feed (batch_id, indexer, definition, pages, items, stored) values (?, ?, ?, 0, 0, 0)")
                    .params(batchId, indexer, progress.definition())
                    .update();
        }
        sql.sql("update feed set next_url = ?, pages = ?, items = ?, stored = ?, of_nobody = ?" + OF_RUN)
                .params(
                        progress.next(),
                        progress.pages(),
                        progress.items(),
                        progress.stored(),
                        progress.ofNobody(),
                        batchId,
                        indexer)
                .update();
        List<Object[]> rows = new ArrayList<>();
        int characters = 0;
        for (Map.Entry<Integer, List<String>> pieces : texts.entrySet()) {
            String text = String.join("", pieces.getValue());
            for (int from = 0; from < text.length(); from += LONGEST) {
                String row = text.substring(from, Math.min(from + LONGEST, text.length()));
                rows.add(new Object[] {batchId, indexer, pieces.getKey(), progress.pages(), from / LONGEST, row});
            }
            characters += text.length();
            if (characters > MOST_TOGETHER) {
                insert(rows);
                rows.clear();
                characters = 0;
            }
        }
        insert(rows);
    }

    private void insert(List<Object[]> rows) {
        many.batchUpdate(
                "insert into feed_slice (batch_id, indexer, slice, pages, part, text) values (?, ?, ?, ?, ?, ?)", rows);
    }

    /** The parts of the text of a slice. */
    @Transactional(readOnly = true)
    public List<String> text(String batchId, String indexer, int slice) {
        return texts(
                "select text from feed_slice" + OF_RUN + " and slice = ? order by pages, part",
                batchId,
                indexer,
                slice);
    }

    /** Forgets a feed: first its slices, each in a transaction, since a database may hold all that one deletes in memory. */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void forget(String batchId, String indexer) {
        sql.sql("select distinct slice from feed_slice" + OF_RUN)
                .params(batchId, indexer)
                .query(Integer.class)
                .list()
                .forEach(slice -> delete("feed_slice" + OF_RUN + " and slice = ?", batchId, indexer, slice));
        delete("feed" + OF_RUN, batchId, indexer);
    }

    /** Forgets the feeds of a batch. */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void forgetBatch(String batchId) {
        texts("select indexer from feed where batch_id = ?", batchId).forEach(indexer -> forget(batchId, indexer));
    }

    /** Forgets the feeds of an indexer. */
    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void forgetIndexer(String indexer) {
        texts("select batch_id from feed where indexer = ?", indexer).forEach(batchId -> forget(batchId, indexer));
    }

    /** The batches with feeds that have ended. */
    @Transactional(readOnly = true)
    public List<String> ended() {
        return texts("select distinct id from batch join feed on batch_id = id where not " + Ledger.UNFINISHED);
    }

    private List<String> texts(String query, Object... parameters) {
        return sql.sql(query).params(parameters).query(String.class).list();
    }

    private void delete(String rows, Object... parameters) {
        transactions.executeWithoutResult(
                part -> sql.sql("delete from " + rows).params(parameters).update());
    }

    /**
     * How far a feed has been read.
     *
     * @param definition of how the indexer reads it: SHA-256 in hexadecimal
     * @param next the URL of the page to read; null when all are read
     * @param pages the number of pages read
     * @param items the number of items on them, as the API counts them
     * @param stored the number of items of people in the list
     * @param ofNobody the number of other items
     */
    public record FeedProgress(String definition, String next, int pages, long items, long stored, long ofNobody) {}
}
