package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.source.PageLinks;

/** Keeps the items of one page of a feed in memory, for the one thread of a dry run. */
final class TriedFeed implements FeedStore {
    private final Map<String, List<JsonNode>> items = new HashMap<>();

    @Override
    public void add(List<Item> page, PageLinks links) {
        page.forEach(item -> items.computeIfAbsent(item.person(), person -> new ArrayList<>())
                .add(item.json()));
    }

    @Override
    public Function<String, List<JsonNode>> of(Chunk chunk) {
        return person -> items.getOrDefault(person, List.of());
    }
}
