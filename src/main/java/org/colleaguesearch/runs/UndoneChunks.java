package org.colleaguesearch.runs;

import org.colleaguesearch.indexing.Chunk;

/** The chunks of a run that no earlier start of the application has done, in order. For one thread at a time. */
final class UndoneChunks implements Chunks.Source {
    private final Run run;
    private final int count;
    private int number;

    UndoneChunks(Run run) {
        this.run = run;
        this.count = Math.ceilDiv(run.batch().people().size(), run.chunkSize());
    }

    @Override
    public Chunk next() {
        do {
            number++;
        } while (run.isDone(number));
        return number > count ? null : new Chunk(run.batch().id(), run.indexer(), number, run.peopleOf(number));
    }
}
