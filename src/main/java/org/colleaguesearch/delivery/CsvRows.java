package org.colleaguesearch.delivery;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/** The outcomes of a chunk as rows of cells, in the order of its people. Stateless. */
@Component("csvRows")
class CsvRows {
    /** The header of an errors file. {@code status} is empty where there was no HTTP answer. */
    static final List<String> ERROR_HEADER = List.of("person_id", "url", "reason", "status", "attempts");

    private final Indexers indexers;
    private final CsvCells cells;

    CsvRows(Indexers indexers, Settings settings) {
        this.indexers = indexers;
        this.cells = new CsvCells(settings.csv().neutraliseFormulas());
    }

    /** One row an item: the person's id, then the columns of the indexer. */
    public List<List<String>> items(ChunkOutcomes chunk) {
        Indexer indexer = indexers.get(chunk.chunk().indexer());
        return chunk.fetched().flatMap(fetched -> rows(fetched, indexer)).toList();
    }

    private Stream<List<String>> rows(Fetched fetched, Indexer indexer) {
        String id = cells.of(fetched.call().person().id());
        return StreamSupport.stream(fetched.section().spliterator(), false)
                .map(item -> Stream.concat(
                                Stream.of(id), indexer.columns().stream().map(column -> cells.of(item.get(column))))
                        .toList());
    }

    /** One row a failed URL. */
    public List<List<String>> errors(ChunkOutcomes chunk) {
        return chunk.failed().map(this::row).toList();
    }

    private List<String> row(Failed failed) {
        return List.of(
                cells.of(failed.call().person().id()),
                cells.of(failed.call().url()),
                cells.of(failed.reason()),
                failed.status() == null ? "" : failed.status().toString(),
                Integer.toString(failed.attempts()));
    }
}
