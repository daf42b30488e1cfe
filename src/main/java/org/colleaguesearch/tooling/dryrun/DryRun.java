package org.colleaguesearch.tooling.dryrun;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.people.PeopleListException;
import org.colleaguesearch.people.PeopleSink;
import org.colleaguesearch.people.Person;

/**
 * A dry run in progress. One thread adds and reads its people. The answers are thread-safe, and the report reaches the
 * waiting thread through a future.
 */
public final class DryRun implements PeopleSink {
    /** Default and maximum number of people. */
    public static final int FEW = 5;

    public static final int MOST = 100;

    /** A list with too few people on this many pages does not advance. */
    private static final int MOST_PAGES = 100;

    private final String indexer;
    private final int limit;
    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Answers answers = new Answers();
    private final CompletableFuture<DryRunReport> report = new CompletableFuture<>();
    private int pages;

    DryRun(String indexer, int limit) {
        this.indexer = indexer;
        this.limit = limit;
    }

    @Override
    public boolean add(List<Person> page) {
        page.forEach(person -> people.putIfAbsent(person.id(), person));
        if (people.size() < limit && ++pages == MOST_PAGES) {
            throw new PeopleListException("the people list does not advance");
        }
        return people.size() < limit;
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
