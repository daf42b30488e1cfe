package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import org.colleaguesearch.source.PageLinks;

/**
 * Where the items of a bulk feed wait until the chunks of their people are delivered. One thread adds them, and after that
 * any may read them.
 */
public interface FeedStore {
    /**
     * Adds a page.
     *
     * @param links at the page after it
     */
    void add(List<Item> items, PageLinks links);

    /** Keeps what was added so far, before the reading ends or is interrupted. */
    default void keep() {}

    /** The items of the people of a chunk, in the order of the listing, by the value that names the person. */
    Function<String, List<JsonNode>> of(Chunk chunk);

    /**
     * An item of a feed.
     *
     * @param person the value by which the listing names the person
     */
    record Item(String person, JsonNode json) {}
}
