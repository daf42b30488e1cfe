package org.colleaguesearch.indexing;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A chunk and the outcomes of its URLs, in the order of its people. */
public record ChunkOutcomes(Chunk chunk, List<Outcome> outcomes) {
    public ChunkOutcomes {
        outcomes = List.copyOf(outcomes);
    }

    /** A failure for each URL of a chunk that was not called. */
    public static ChunkOutcomes failed(Chunk chunk, List<String> urls, String reason) {
        return new ChunkOutcomes(
                chunk,
                IntStream.range(0, urls.size())
                        .mapToObj(i -> new Call(chunk.people().get(i), urls.get(i)))
                        .map(call -> new Failed(call, reason, null, 0))
                        .map(Outcome.class::cast)
                        .toList());
    }

    public Stream<Fetched> fetched() {
        return outcomes.stream().filter(Fetched.class::isInstance).map(Fetched.class::cast);
    }

    public Stream<Failed> failed() {
        return outcomes.stream().filter(Failed.class::isInstance).map(Failed.class::cast);
    }

    /** Whether any URL succeeded. */
    public boolean hasFetched() {
        return fetched().findAny().isPresent();
    }

    public boolean hasFailed() {
        return failed().findAny().isPresent();
    }
}
