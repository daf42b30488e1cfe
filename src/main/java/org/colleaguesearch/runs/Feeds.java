package org.colleaguesearch.runs;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.commons.codec.digest.DigestUtils;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Feed;
import org.colleaguesearch.indexing.FeedSource;
import org.colleaguesearch.indexing.FeedStore;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.ledger.FeedLedger;
import org.colleaguesearch.ledger.FeedLedger.FeedProgress;
import org.colleaguesearch.ledger.FeedReadings;
import org.colleaguesearch.ledger.FeedReadings.Reading;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
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

    private static final int PAGES_TO_REPORT = 100;

    /** Values of several people in a warning. */
    private static final int SHOWN = 3;

    private final Indexers indexers;
    private final Apis apis;
    private final FeedLedger ledger;
    private final FeedReadings readings;
    private final DatabaseWait database;
    private final Settings settings;

    Feeds(
            Indexers indexers,
            Apis apis,
            FeedLedger ledger,
            FeedReadings readings,
            DatabaseWait database,
            Settings settings) {
        this.indexers = indexers;
        this.apis = apis;
        this.ledger = ledger;
        this.readings = readings;
        this.database = database;
        this.settings = settings;
    }

    /** Whether an indexer reads one listing in place of a URL for each person. */
    public boolean isFeed(String indexer, Exchange exchange) {
        return !Indexer.EXPORT.equals(indexer)
                && indexers.of(indexer, exchange).source().feed() != null;
    }

    /** Whether a run begins with the reading of a feed. A retry of failed URLs does not: its items are gone. */
    public boolean isToRead(Run run) {
        return !run.isAgain()
                && !Indexer.EXPORT.equals(run.indexer())
                && indexers.get(run.indexer()).source().feed() != null;
    }

    /** The feed of a run, at the page where it was interrupted, unless the indexer has changed since. */
    public Feed begin(Run run) {
        Indexer indexer = indexers.get(run.indexer());
        FeedSource source = indexer.source().feed();
        ApiUrls urls = apis.urls(indexer.api());
        // Another value of people finds other items, so an update would not be enough.
        String definition = DigestUtils.sha256Hex(
                urls.resolve(source.path(null)) + '\n' + indexer.definition() + '\n' + settings.people());
        Instant since = since(run, source, definition);
        Optional<FeedProgress> read =
                database.call(() -> ledger.find(run.batch().id(), run.indexer()));
        if (read.filter(earlier -> !earlier.definition().equals(definition)).isPresent()) {
            LOG.info("run {}: the indexer has changed; reading its feed again from the first page", run.indexer());
            forget(run.batch().id(), run.indexer());
            read = Optional.empty();
        }
        PageLinks links = read.map(earlier -> new PageLinks(
                        urls, indexer.source().paging(), earlier.next(), earlier.pages(), earlier.items(), MOST_PAGES))
                .orElseGet(() ->
                        new PageLinks(urls, indexer.source().paging(), urls.resolve(source.path(since)), MOST_PAGES));
        FeedPeople people = FeedPeople.of(run, source.personField(), database);
        if (read.isEmpty()) {
            reportShared(run, source.personField(), people);
        }
        FeedStore store = new StoredFeed(run, definition, read.orElse(null), people, ledger, database);
        return new Feed(indexer.api(), indexer.source(), links, store, since != null, false, run::isStopping);
    }

    private void reportShared(Run run, String field, FeedPeople people) {
        long shared = people.shared();
        if (shared > 0) {
            String some = FeedPeople.values(run, field, database)
                    .filter(people::isShared)
                    .distinct()
                    .limit(SHOWN)
                    .map(Problem::printable)
                    .collect(Collectors.joining(", "));
            LOG.warn(
                    "run {}: people with the same {} all get its items; values of several people: {} ({}{})",
                    run.indexer(),
                    field,
                    shared,
                    some,
                    shared > SHOWN ? ", …" : "");
        }
    }

    /**
     * The time from which on a run reads its feed: the start of the last run without errors, less the overlap. Null for
     * everything: the feed knows no times, there is no such run, or it is time for it again. A run that continues keeps
     * its time.
     */
    private Instant since(Run run, FeedSource source, String definition) {
        String batchId = run.batch().id();
        Optional<Reading> begun = database.call(() -> readings.find(batchId, run.indexer()))
                .filter(before -> before.definition().equals(definition));
        if (begun.isPresent()) {
            return begun.get().since();
        }
        Instant since = null;
        if (source.isIncremental() && !run.batch().isFull()) {
            Instant due = Instant.now().minus(source.fullEvery());
            since = database.call(() -> readings.lastFull(run.indexer(), definition))
                    .filter(due::isBefore)
                    .flatMap(full -> database.call(() -> readings.last(run.indexer(), definition)))
                    .map(last -> last.minus(source.overlap()))
                    .orElse(null);
        }
        Reading reading = new Reading(definition, since);
        database.run(() -> readings.begin(batchId, run.indexer(), reading));
        if (source.isIncremental()) {
            LOG.info(
                    "run {}: reading {}",
                    run.indexer(),
                    since == null ? "everything" : "what has changed since " + since);
        }
        return since;
    }

    /** The feed for a dry run: its first page, kept in memory. */
    public Feed tried(Chunk chunk, Exchange exchange) {
        Indexer indexer = indexers.of(chunk.indexer(), exchange);
        ApiUrls urls = apis.urls(indexer.api());
        PageLinks links = new PageLinks(
                urls,
                indexer.source().paging(),
                urls.resolve(indexer.source().feed().path(null)),
                MOST_PAGES);
        return new Feed(indexer.api(), indexer.source(), links, new TriedFeed(), false, true, () -> false);
    }

    /** Adds a page to a feed. */
    public void add(Feed feed, Exchange call) {
        feed.add(call);
        if (feed.pages() % PAGES_TO_REPORT == 0) {
            LOG.info("{} pages of the feed with {} items so far", feed.pages(), feed.items());
        }
    }

    /** Keeps the pages of a feed that have been read, before the reading ends or is interrupted. */
    public void keep(Feed feed) {
        feed.keep();
    }

    /**
     * Ends the reading of a feed, and says how many of its items are of nobody in the list of people.
     *
     * @throws PeopleListException when all of them are: then the declaration is wrong
     */
    public void end(Run run, Feed feed) {
        if (run.isStopping() || run.batch().people().size() == 0) {
            return;
        }
        FeedProgress read = database.call(() -> ledger.find(run.batch().id(), run.indexer()))
                .orElseThrow();
        if (read.stored() == 0 && read.ofNobody() > 0 && !feed.isUpdate()) {
            throw new PeopleListException("none of the " + read.ofNobody()
                    + " items of the feed is of a person in the list of people: check 'person' and 'personField' of the"
                    + " indexer " + run.indexer());
        }
        LOG.info(
                "run {}: the feed has {} items, {} of them of nobody in the list of people",
                run.indexer(),
                read.stored() + read.ofNobody(),
                read.ofNobody());
    }

    /**
     * The outcomes of a chunk of a feed, one for each person, with the items of the person as the section.
     *
     * @param urls that of the listing for each person
     * @param feed null when failed URLs are retried, of an indexer that did not read a feed when it was reopened
     */
    public ChunkOutcomes outcomes(Chunk chunk, List<String> urls, Feed feed) {
        if (feed == null) {
            throw new PausedException("the items of the feed are gone: run the indexer " + chunk.indexer() + " again");
        }
        List<Outcome> outcomes = new ArrayList<>();
        Function<String, List<JsonNode>> items = feed.items(chunk);
        for (Person person : chunk.people()) {
            outcomes.add(feed.outcome(new Call(person, urls.get(outcomes.size())), items));
        }
        return new ChunkOutcomes(chunk, outcomes);
    }

    /** Forgets the feed of a run that has ended. If that fails, {@link BatchRetention} does it. */
    public void forget(Run run) {
        if (!run.state().isFinal()) {
            return;
        }
        try {
            forget(run.batch().id(), run.indexer());
        } catch (RuntimeException e) {
            LOG.warn("run {}: the items of its feed could not be deleted: {}", run.indexer(), ApiFailures.reason(e));
        }
    }

    private void forget(String batchId, String indexer) {
        database.run(() -> ledger.forget(batchId, indexer));
    }
}
