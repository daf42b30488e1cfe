package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IndexerTest {
    @Test
    void headerBeginsWithThePerson() {
        assertThat(new Indexer("patents", List.of("title", "year"), "fetch", false).header())
                .containsExactly("person_id", "title", "year");
    }

    /** Else the header would have more cells than the rows. */
    @Test
    void headerNamesEachColumnOnce() {
        Indexer indexer = new Indexer("patents", List.of("title", "person_id", "title"), "fetch", false);

        assertThat(indexer.columns()).containsExactly("title");
        assertThat(indexer.header()).containsExactly("person_id", "title");
    }
}
