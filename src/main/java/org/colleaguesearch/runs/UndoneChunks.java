package org.colleaguesearch.runs;

import java.util.BitSet;
import java.util.List;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;

/** The chunks of a run that are not done, in order. Not thread-safe. */
final class UndoneChunks implements Chunks.Source {
    private final Run run;
    private final BitSet done = new BitSet();
    private int number;

    UndoneChunks(Run run, List<DoneChunk> done) {
        this.run = run;
        done.forEach(chunk -> this.done.set(chunk.number()));
    }

    @Override
    public Chunk next() {
        int candidate = done.nextClearBit(number + 1);
        Chunk next = candidate > run.chunks() ? null : Chunks.chunk(run, candidate);
        number = candidate;
        return next;
    }
}
