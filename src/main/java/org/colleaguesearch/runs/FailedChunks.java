package org.colleaguesearch.runs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.people.Person;

/**
 * The chunks of a run that have failed URLs, in order, each with the people of these URLs. Each URL comes once, even if
 * it fails again meanwhile. Not thread-safe.
 */
final class FailedChunks implements Chunks.Source {
    private static final int PAGE = 1_000;

    private final Run run;
    private final ChunkLedger ledger;
    private final Deque<FailedUrl> read = new ArrayDeque<>();
    private int last = -1;
    /** The people of the next chunk read so far, kept when the database fails between two reads. */
    private List<Person> people = new ArrayList<>();

    private int number;

    FailedChunks(Run run, ChunkLedger ledger) {
        this.run = run;
        this.ledger = ledger;
    }

    @Override
    public Chunk next() {
        for (FailedUrl url = peek(); url != null && (people.isEmpty() || url.chunk() == number); url = peek()) {
            number = url.chunk();
            people.add(url.failed().call().person());
            read.remove();
        }
        if (people.isEmpty()) {
            return null;
        }
        Chunk next = new Chunk(run.batch().id(), run.indexer(), number, people, true);
        people = new ArrayList<>();
        return next;
    }

    private FailedUrl peek() {
        if (read.isEmpty()) {
            read.addAll(ledger.failed(run.batch().id(), run.indexer(), last, PAGE));
            last = read.isEmpty() ? last : read.getLast().position();
        }
        return read.peek();
    }
}
