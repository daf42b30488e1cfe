package org.colleaguesearch.runs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.colleaguesearch.people.PeopleList;

/** The runs started together by one trigger. Shared by the threads of its runs. */
public final class Batch {
    private final String id;
    private final PeopleList people;
    private final List<Run> runs;
    private volatile long listed;
    private volatile boolean stopping;
    private volatile String failure;

    Batch(String id, Path folder, List<String> indexers) {
        this.id = id;
        this.people = new PeopleList(folder.resolve(id + ".people.jsonl"));
        this.runs = indexers.stream().map(indexer -> new Run(this, indexer)).toList();
    }

    /** The time it began, in UTC and sortable as text: {@code 20261123T020000000Z}. */
    public String id() {
        return id;
    }

    public PeopleList people() {
        return people;
    }

    public List<Run> runs() {
        return runs;
    }

    Run run(String indexer) {
        return runs.stream()
                .filter(run -> run.indexer().equals(indexer))
                .findFirst()
                .orElseThrow();
    }

    boolean isStopping() {
        return stopping;
    }

    void stop() {
        stopping = true;
    }

    void fail(String reason) {
        failure = reason;
    }

    /** Notes that all people are listed. */
    void listed() {
        listed = System.nanoTime();
    }

    /** How long ago its people were all listed; zero until then. */
    Duration elapsed() {
        return listed == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - listed);
    }

    /** The number of URLs that will have an outcome. */
    long expectedUrls() {
        return (long) people.size() * runs.size();
    }

    long urls() {
        return runs.stream().mapToLong(Run::urls).sum();
    }

    long errors() {
        return runs.stream().mapToLong(Run::errors).sum();
    }

    /** Why the batch could not be done, or null. */
    public String failure() {
        return failure;
    }

    /** 0: every outcome was delivered; 1: some URLs failed; 2: the batch could not be done. */
    public int exitCode() {
        if (failure != null || runs.isEmpty() || runs.stream().anyMatch(run -> run.state() != Run.State.COMPLETED)) {
            return 2;
        }
        return runs.stream().anyMatch(run -> run.errors() > 0) ? 1 : 0;
    }
}
