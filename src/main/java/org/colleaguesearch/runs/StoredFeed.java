package org.colleaguesearch.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.FeedLedger.FeedItem;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.source.PageLinks;

/**
 * Keeps the items of a run's feed in the ledger's database, some pages in one transaction with the URL of the next one.
 * One thread adds pages; after that, any may read.
 */
final class StoredFeed implements FeedStore {
    /** Items, and characters of them, that one transaction adds: small ones make the file of H2 many times larger. */
    private static final int MOST_ITEMS = 20_000;

    private static final long MOST_CHARACTERS = 8_000_000;

    /** Exact, as responses are read; without characters that a database may not know. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final Run run;
    private final String definition;
    private final FeedLedger ledger;
    private final DatabaseWait database;

    private final List<FeedItem> added = new ArrayList<>();
    private long characters;
    private long stored;
    /** After the pages that were added since the last transaction; null without any. */
    private FeedProgress progress;

    /** {@code stored}: the number of items that are already there. */
    StoredFeed(Run run, String definition, long stored, FeedLedger ledger, DatabaseWait database) {
        this.run = run;
        this.definition = definition;
        this.stored = stored;
        this.ledger = ledger;
        this.database = database;
    }

    @Override
    public void add(List<Item> items, PageLinks links) {
        for (Item item : items) {
            String json = text(item.json());
            characters += json.length();
            added.add(new FeedItem(item.person(), json));
        }
        progress = new FeedProgress(definition, links.url(), links.pagesRead(), links.items(), stored + added.size());
        if (added.size() >= MOST_ITEMS || characters >= MOST_CHARACTERS) {
            keep();
        }
    }

    @Override
    public void keep() {
        FeedProgress kept = progress;
        if (kept == null) {
            return;
        }
        run.batch().checkOwned();
        database.run(() -> ledger.add(run.batch().id(), run.indexer(), kept, added));
        stored = kept.stored();
        added.clear();
        characters = 0;
        progress = null;
    }

    @Override
    public List<JsonNode> of(String person) {
        return database.call(() -> ledger.items(run.batch().id(), run.indexer(), person)).stream()
                .map(StoredFeed::json)
                .toList();
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger has an unreadable item", e);
        }
    }
}
