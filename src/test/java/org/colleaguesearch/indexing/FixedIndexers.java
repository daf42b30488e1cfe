package org.colleaguesearch.indexing;

import java.util.Arrays;
import java.util.List;

/** Indexers without route files. */
public final class FixedIndexers extends Indexers {
    private final List<Indexer> indexers;

    public FixedIndexers(Indexer... indexers) {
        super(null);
        this.indexers = List.of(indexers);
    }

    /** Indexers of these names with the columns {@code title} and {@code year}. */
    public static FixedIndexers named(String... names) {
        return new FixedIndexers(Arrays.stream(names)
                .map(name -> new Indexer(name, List.of("title", "year"), "fetch", false))
                .toArray(Indexer[]::new));
    }

    @Override
    public List<Indexer> all() {
        return indexers;
    }
}
