package org.colleaguesearch.tooling.dryrun;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.PeoplePage;
import org.colleaguesearch.people.Person;

/**
 * A dry run in progress. One thread adds and reads its people. The answers are thread-safe, and the report reaches the
 * waiting thread through a future.
 */
public final class DryRun {
    /** Default and maximum number of people. */
    public static final int FEW = 5;

    public static final int MOST = 100;

    /** A list with too few people on this many pages does not advance. */
    private static final int MOST_PAGES = 100;

    private final String indexer;
    private final int limit;
    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Set<String> pages = new HashSet<>();
    private final Answers answers = new Answers();
    private final CompletableFuture<DryRunReport> report = new CompletableFuture<>();

    DryRun(String indexer, int limit) {
        this.indexer = indexer;
        this.limit = limit;
    }

    /**
     * Adds a page of the people list.
     *
     * @return the URL of the next page, or null when there are enough people or no more pages
     */
    String list(PeoplePage page) {
        page.people().forEach(person -> people.putIfAbsent(person.id(), person));
        if (people.size() >= limit || page.next() == null) {
            return null;
        }
        if (!pages.add(page.next()) || pages.size() == MOST_PAGES) {
            throw new PeopleListException("the people list does not advance");
        }
        return page.next();
    }

    /**
     * Its people, as a chunk to fetch.
     *
     * @throws PeopleListException when the people list is empty
     */
    public Chunk chunk() {
        if (people.isEmpty()) {
            throw new PeopleListException("the people list is empty");
        }
        return Chunk.ofDryRun(indexer, new ArrayList<>(people.values()).subList(0, Math.min(limit, people.size())));
    }

    public Answers answers() {
        return answers;
    }

    CompletableFuture<DryRunReport> report() {
        return report;
    }
}
