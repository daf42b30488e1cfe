package org.colleaguesearch.runs;

import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Feed;
import org.colleaguesearch.indexing.FeedSource;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.source.Apis;
import org.colleaguesearch.source.PageLinks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The bulk feeds of runs, for routes: their items are gathered in the ledger's database before the chunks of their people
 * are delivered. A feed that is interrupted continues at the page where it stopped. Stateless.
 */
@Component("feeds")
public class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

    /** More pages than any real listing has: beyond it, the pages have no end. */
    private static final int MOST_PAGES = 1_000_000;

    /** People whose items are counted at once, and items that one transaction deletes. */
    private static final int PART = 1_000;

    private final Indexers indexers;
    private final Apis apis;
    private final FeedLedger ledger;
    private final DatabaseWait database;

    Feeds(Indexers indexers, Apis apis, FeedLedger ledger, DatabaseWait database) {
        this.indexers = indexers;
        this.apis = apis;
        this.ledger = ledger;
        this.database = database;
    }

    /** Whether an indexer reads one listing in place of a URL for each person. */
    public boolean isFeed(String indexer) {
        return !Indexer.EXPORT.equals(indexer) && indexers.get(indexer).source().feed() != null;
    }

    /** The feed of a run, at the page where it was interrupted. */
    public Feed begin(Run run) {
        Indexer indexer = indexers.get(run.indexer());
        String batchId = run.batch().id();
        ApiUrls urls = apis.urls(indexer.api());
        PageLinks links = database.call(() -> ledger.find(batchId, run.indexer()))
                .map(read -> new PageLinks(
                        urls, indexer.source().paging(), read.next(), read.pages(), read.items(), MOST_PAGES))
                .orElseGet(() -> new PageLinks(
                        urls,
                        indexer.source().paging(),
                        urls.resolve(indexer.source().feed().url()),
                        MOST_PAGES));
        FeedStore store = new StoredFeed(run, ledger, database);
        return new Feed(indexer.api(), indexer.source(), links, store, false);
    }

    /** The feed for a dry run: its first page, kept in memory. */
    public Feed tried(Chunk chunk) {
        Indexer indexer = indexers.get(chunk.indexer());
        ApiUrls urls = apis.urls(indexer.api());
        PageLinks links = new PageLinks(
                urls,
                indexer.source().paging(),
                urls.resolve(indexer.source().feed().url()),
                MOST_PAGES);
        return new Feed(indexer.api(), indexer.source(), links, new TriedFeed(), true);
    }

    /**
     * Adds a page to a feed.
     *
     * @throws PausedException when the run is stopped
     */
    public void add(Feed feed, Run run, Exchange call) {
        // A dry run has no run.
        if (run != null && run.isStopping()) {
            throw new PausedException("the run was stopped while its feed was read");
        }
        feed.add(call);
    }

    /**
     * Ends the reading of a feed, and says how many of its items are of nobody in the list of people.
     *
     * @throws PeopleListException when all are, which would empty all sections
     */
    public void end(Run run) {
        String batchId = run.batch().id();
        FeedSource source = indexers.get(run.indexer()).source().feed();
        long all = database.call(() -> ledger.find(batchId, run.indexer()))
                .orElseThrow()
                .items();
        long known = 0;
        for (int first = 0; first < run.batch().people().size(); first += PART) {
            List<String> part = run.batch().people().read(first, PART).stream()
                    .flatMap(person -> person.value(source.personField()).stream())
                    .toList();
            known += database.call(() -> ledger.count(batchId, run.indexer(), part));
        }
        if (all > 0 && known == 0) {
            throw new PeopleListException("none of the " + all + " items of the feed is of a person in the list of"
                    + " people: check 'person' and 'personField' of the indexer " + run.indexer());
        }
        LOG.info(
                "run {}: the feed has {} items, {} of them of nobody in the list of people",
                run.indexer(),
                all,
                all - known);
    }

    /**
     * The outcomes of a chunk of a feed, one for each person, with the items of the person as the section.
     *
     * @param urls that of the listing for each person
     * @param feed null when failed URLs are retried
     */
    public ChunkOutcomes outcomes(Chunk chunk, List<String> urls, Feed feed) {
        if (feed == null) {
            return ChunkOutcomes.failed(
                    chunk, urls, "the items of a bulk feed are kept until its run has ended: run the indexer again");
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Person person : chunk.people()) {
            outcomes.add(outcome(new Call(person, urls.get(outcomes.size())), feed));
        }
        return new ChunkOutcomes(chunk, outcomes);
    }

    private static Outcome outcome(Call call, Feed feed) {
        try {
            return Outcome.of(call, feed.section(call.person()), null, 1, 0);
        } catch (JsonQueryException e) {
            return new Failed(call, "cannot extract the section from the items: check 'section'", null, 1, 0);
        }
    }

    /** Deletes the items of a run that has ended. If the application dies before, they go with their batch. */
    public void forget(Run run) {
        if (run.state().isFinal()) {
            String batchId = run.batch().id();
            while (database.call(() -> ledger.forget(batchId, run.indexer(), PART)) > 0) {
                // Until all are gone.
            }
        }
    }
}
