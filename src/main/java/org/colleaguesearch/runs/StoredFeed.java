package org.colleaguesearch.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.source.PageLinks;

/** Keeps the items of a run's feed in the ledger's database, each page in one transaction with the URL of the next one. */
record StoredFeed(Run run, String definition, FeedLedger ledger, DatabaseWait database) implements FeedStore {
    /** Exact, as responses are read. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    @Override
    public void add(List<Item> items, PageLinks links) {
        run.batch().checkOwned();
        FeedProgress progress = new FeedProgress(definition, links.url(), links.pagesRead(), links.items());
        database.run(() -> ledger.add(run.batch().id(), run.indexer(), progress, items));
    }

    @Override
    public List<JsonNode> of(String person) {
        return database.call(() -> ledger.items(run.batch().id(), run.indexer(), person)).stream()
                .map(StoredFeed::json)
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the ledger has an unreadable item", e);
        }
    }
}
