package org.colleaguesearch.sweep;

import java.io.IOException;
import java.io.PrintStream;
import org.colleaguesearch.delivery.CsvFiles;
import org.colleaguesearch.delivery.IndexedSection;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.IndexerRows;
import org.colleaguesearch.ledger.SectionLedger;
import org.springframework.stereotype.Component;

/**
 * Removes what an indexer has left that no route file declares any more: its field, files and rows. Repeatable. The
 * application holds the lease of the database, so nothing else writes any of it.
 */
@Component
public class IndexerRemoval {
    private final Indexers indexers;
    private final IndexedSection index;
    private final IndexerRows ledger;
    private final FeedLedger feeds;
    private final SectionLedger sections;
    private final CsvFiles csv;

    IndexerRemoval(
            Indexers indexers,
            IndexedSection index,
            IndexerRows ledger,
            FeedLedger feeds,
            SectionLedger sections,
            CsvFiles csv) {
        this.sections = sections;
        this.indexers = indexers;
        this.index = index;
        this.ledger = ledger;
        this.feeds = feeds;
        this.csv = csv;
    }

    /** What an indexer has left. */
    public record Remains(String indexer, long documents, String folder, long files, IndexerRows.Rows rows) {
        public boolean isNothing() {
            return documents == 0 && files == 0 && rows.runs() == 0 && rows.sections() == 0;
        }

        /** Lines for people to read. */
        @Override
        public String toString() {
            return """
                      index   documents with the field %s: %d
                      files   in %s: %d
                      ledger  runs: %d, chunks: %d, failed URLs: %d, sections: %d""".formatted(
                            indexer,
                            documents,
                            folder,
                            files,
                            rows.runs(),
                            rows.chunks(),
                            rows.failedUrls(),
                            rows.sections())
                    .indent(2)
                    .stripTrailing();
        }
    }

    /**
     * Finds what an indexer has left.
     *
     * @throws RequestRefused if a route file declares the indexer, or a run of it has not ended
     */
    public Remains find(String indexer) throws IOException {
        Indexer.wrongName(indexer).ifPresent(wrong -> {
            throw new RequestRefused(Kind.INVALID, wrong);
        });
        if (indexers.all().stream().anyMatch(each -> each.name().equals(indexer))) {
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "the indexer " + indexer + " is still declared below routes/indexers/: remove its block first");
        }
        ledger.unfinished(indexer).ifPresent(batch -> {
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "the run of " + indexer + " in batch " + batch
                            + " has not ended: start the service, or run 'once', which ends it, and try again");
        });
        return new Remains(
                indexer, index.count(indexer), csv.place(indexer), csv.count(indexer), ledger.count(indexer));
    }

    /** Removes it all, the ledger's rows last, and prints what is done. */
    public void remove(Remains remains, PrintStream out) throws IOException, InterruptedException {
        if (remains.documents() > 0) {
            index.remove(remains.indexer(), done -> out.println("  index   documents rewritten: " + done));
        }
        csv.dropAll(remains.indexer());
        feeds.forgetIndexer(remains.indexer());
        while (sections.forget(remains.indexer())) {
            // In parts, which the database holds in memory until they are committed.
        }
        ledger.delete(remains.indexer());
    }
}
