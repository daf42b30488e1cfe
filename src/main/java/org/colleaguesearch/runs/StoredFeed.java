package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.io.input.SequenceReader;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.ledger.StoredJson;
import org.colleaguesearch.source.PageLinks;

/**
 * Keeps the items of a run's feed in the ledger's database, some pages in one transaction with the URL of the next one.
 * Items of nobody in the list of people are only counted. One thread adds pages; after that, any may read.
 */
final class StoredFeed implements FeedStore {
    /** Items, and characters of them, that one transaction adds: small ones make the file of H2 many times larger. */
    private static final int MOST_ITEMS = 20_000;

    private static final long MOST_CHARACTERS = 8_000_000;

    private final Run run;
    private final String definition;
    private final FeedPeople people;
    private final FeedLedger ledger;
    private final DatabaseWait database;

    /** What was added since the last transaction, by slice of the list of people. */
    private final Map<Integer, List<String>> added = new HashMap<>();

    private int items;
    private long characters;
    private long stored;
    private long ofNobody;
    /** After the pages that were added since the last transaction; null without any. */
    private FeedProgress progress;

    /**
     * With the pages that were read before.
     *
     * @param before null if there are none
     */
    StoredFeed(
            Run run,
            String definition,
            FeedProgress before,
            FeedPeople people,
            FeedLedger ledger,
            DatabaseWait database) {
        this.run = run;
        this.definition = definition;
        this.stored = before == null ? 0 : before.stored();
        this.ofNobody = before == null ? 0 : before.ofNobody();
        this.people = people;
        this.ledger = ledger;
        this.database = database;
    }

    @Override
    public void add(List<Item> page, PageLinks links) {
        for (Item item : page) {
            int[] slices = people.slices(item.person());
            if (slices.length == 0) {
                ofNobody++;
            } else {
                stored++;
                add(item, slices);
            }
        }
        items += page.size();
        progress = new FeedProgress(definition, links.url(), links.pagesRead(), links.items(), stored, ofNobody);
        if (items >= MOST_ITEMS || characters >= MOST_CHARACTERS) {
            keep();
        }
    }

    private void add(Item item, int[] slices) {
        String lines = StoredJson.text(item.person()) + '\n' + StoredJson.text(item.json()) + '\n';
        for (int slice : slices) {
            added.computeIfAbsent(slice, none -> new ArrayList<>()).add(lines);
        }
        characters += lines.length();
    }

    @Override
    public void keep() {
        FeedProgress kept = progress;
        if (kept == null) {
            return;
        }
        run.batch().checkOwned();
        database.run(() -> ledger.add(run.batch().id(), run.indexer(), kept, added));
        added.clear();
        items = 0;
        characters = 0;
        progress = null;
    }

    /** The items remain texts until those of one person are needed: as JSON trees they take several times the memory. */
    @Override
    public Function<String, List<JsonNode>> of(Chunk chunk) {
        int slice = FeedPeople.slice(run, chunk.number());
        Map<String, List<String>> items = new HashMap<>();
        List<StringReader> text = database.call(() -> ledger.text(run.batch().id(), run.indexer(), slice)).stream()
                .map(StringReader::new)
                .toList();
        Iterator<String> lines =
                new BufferedReader(new SequenceReader(text)).lines().iterator();
        while (lines.hasNext()) {
            items.computeIfAbsent(lines.next(), person -> new ArrayList<>()).add(lines.next());
        }
        return person -> items.getOrDefault(StoredJson.text(person), List.of()).stream()
                .map(StoredJson::json)
                .toList();
    }
}
