package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
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
 * A dry run under way. Its people are listed and read by one thread; its answers are safe for those that call, and its
 * report is handed to whoever waits.
 */
public final class DryRun {
    /** People, unless somebody asks for another number; and the most that can be asked for. */
    public static final int FEW = 5;

    public static final int MOST = 100;

    /** A list that has not that many people on so many pages does not advance. */
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
     * Adds a page of the list of people, as far as it is needed.
     *
     * @return the URL of the next page, or null when there are enough people or no more
     */
    String list(JsonNode answer) {
        PeoplePage page = PeoplePage.of(answer);
        page.people().forEach(person -> people.putIfAbsent(person.id(), person));
        if (people.size() >= limit || page.next() == null) {
            return null;
        }
        if (!pages.add(page.next()) || pages.size() == MOST_PAGES) {
            throw new PeopleListException("the people list does not advance: it leads to " + page.next());
        }
        return page.next();
    }

    /**
     * Its people, to be fetched as a chunk of a run is.
     *
     * @throws PeopleListException when there is nobody
     */
    public Chunk chunk() {
        if (people.isEmpty()) {
            throw new PeopleListException("the people list has nobody");
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
