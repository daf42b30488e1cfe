package org.colleaguesearch.ledger;

import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.indexing.Chunk;

/** Another node has taken a chunk, since this one was not heard of, or has done it: what became of it here does not count. */
public final class ChunkTaken extends PausedException {
    ChunkTaken(Chunk chunk) {
        super("chunk " + chunk.number() + " of run " + chunk.indexer() + " is now with another node");
    }
}
