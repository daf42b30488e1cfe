package org.colleaguesearch.runs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.ChunkLedger;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.people.Person;

/**
 * The chunks of a run that have failed URLs or hold outcomes, in order, each with the people of these. Each person comes
 * once, even if the URL fails again meanwhile. Not thread-safe.
 */
final class PartialChunks implements Chunks.Source {
    private static final int PAGE = 1_000;

    private final Run run;
    private final Chunk.Part part;
    private final Reading reading;
    private final Deque<Member> read = new ArrayDeque<>();
    private int last = -1;
    /** The people of the next chunk read so far, kept when the database fails between two reads. */
    private List<Person> people = new ArrayList<>();

    private int number;

    private PartialChunks(Run run, Chunk.Part part, Reading reading) {
        this.run = run;
        this.part = part;
        this.reading = reading;
    }

    /** A person of a chunk, at a position in the batch. */
    private record Member(int position, int chunk, Person person) {}

    private interface Reading {
        /** The next ones after a position. */
        List<Member> read(String batchId, String indexer, int after, int limit);
    }

    static PartialChunks failed(Run run, ChunkLedger ledger) {
        return new PartialChunks(
                run,
                Chunk.Part.FAILED,
                (batchId, indexer, after, limit) -> ledger.failed(batchId, indexer, after, limit).stream()
                        .map(url -> new Member(
                                url.position(), url.chunk(), url.failed().call().person()))
                        .toList());
    }

    static PartialChunks held(Run run, HeldLedger ledger) {
        return new PartialChunks(
                run,
                Chunk.Part.HELD,
                (batchId, indexer, after, limit) -> ledger.read(batchId, indexer, after, limit).stream()
                        .map(held -> new Member(held.position(), held.chunk(), held.person()))
                        .toList());
    }

    @Override
    public Chunk next() {
        for (Member member = peek();
                member != null && (people.isEmpty() || member.chunk() == number);
                member = peek()) {
            number = member.chunk();
            people.add(member.person());
            read.remove();
        }
        if (people.isEmpty()) {
            return null;
        }
        Chunk next = new Chunk(run.batch().id(), run.indexer(), number, people, part);
        people = new ArrayList<>();
        return next;
    }

    private Member peek() {
        if (read.isEmpty()) {
            read.addAll(reading.read(run.batch().id(), run.indexer(), last, PAGE));
            last = read.isEmpty() ? last : read.getLast().position();
        }
        return read.peek();
    }
}
