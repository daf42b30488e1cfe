package org.colleaguesearch.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * Converts the outcomes of a chunk to CSV rows in the order of its people. A row is a map of column to cell, in column
 * order. Stateless.
 */
@Component("csvRows")
public class CsvRows {
    /** The header of an errors file. {@code status} is empty if there was no HTTP response. */
    static final List<String> ERROR_HEADER = List.of("person_id", "url", "reason", "status", "attempts");

    private final Indexers indexers;
    private final CsvCells cells;

    CsvRows(Indexers indexers, Settings settings) {
        this.indexers = indexers;
        this.cells = new CsvCells(settings.csv().neutraliseFormulas());
    }

    /** One row per item: the person's id, then the columns of the indexer. */
    public List<Map<String, String>> items(ChunkOutcomes chunk) {
        Indexer indexer = indexers.get(chunk.chunk().indexer());
        return chunk.fetched().flatMap(fetched -> rows(fetched, indexer)).toList();
    }

    private Stream<Map<String, String>> rows(Fetched fetched, Indexer indexer) {
        String id = id(fetched.call().person());
        return StreamSupport.stream(fetched.section().spliterator(), false).map(item -> {
            Map<String, String> row = new LinkedHashMap<>();
            row.put(Indexer.PERSON_ID, id);
            indexer.columns().forEach(column -> row.put(column, cells.of(item.get(column))));
            return row;
        });
    }

    /** The first cell of a person's rows. */
    String id(Person person) {
        return cells.of(person.id());
    }

    /** The cells of a failed URL. */
    List<String> error(Failed failed) {
        return List.of(
                id(failed.call().person()),
                cells.of(failed.call().url()),
                cells.of(failed.reason()),
                failed.status() == null ? "" : failed.status().toString(),
                Integer.toString(failed.attempts()));
    }
}
