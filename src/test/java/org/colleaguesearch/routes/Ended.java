package org.colleaguesearch.routes;

import java.util.Arrays;
import java.util.List;
import org.colleaguesearch.delivery.CsvParts;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.KeptSections;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.runs.Runs;

/** Batches whose runs have ended. */
final class Ended {
    private Ended() {}

    /** A batch of all indexers over these people, each run of which is completed without a chunk; it is not closed. */
    static Batch batch(RouteApplication application, String... ids) {
        Batch batch = Sample.batch(application, ids);
        Runs runs = application.bean(Runs.class);
        for (Run run : batch.runs()) {
            runs.end(runs.start(batch, run.indexer()));
            // As the run's files would be joined.
            application.bean(CsvParts.class).drop(run.indexer(), batch.id());
        }
        return batch;
    }

    /** A batch like it, whose run of {@code sample} has one chunk with these outcomes. */
    static Batch batch(RouteApplication application, Outcome... outcomes) {
        Batch batch = Sample.batch(
                application,
                Arrays.stream(outcomes)
                        .map(outcome -> outcome.call().person().id())
                        .toArray(String[]::new));
        Runs runs = application.bean(Runs.class);
        for (Run run : batch.runs()) {
            runs.start(batch, run.indexer());
            if (run.indexer().equals("sample")) {
                Chunk chunk = chunk(batch, false, outcomes);
                runs.begin(chunk);
                runs.checkpoint(new ChunkOutcomes(chunk, List.of(outcomes)), KeptSections.NONE);
            }
            runs.end(run);
            application.bean(CsvParts.class).drop(run.indexer(), batch.id());
        }
        return batch;
    }

    /** It, closed. */
    static Batch closed(RouteApplication application, Outcome... outcomes) {
        Batch batch = batch(application, outcomes);
        application.bean(Batches.class).close(batch);
        return batch;
    }

    /** The people of these outcomes as the chunk of the batch's run of {@code sample}, or as its retry. */
    static Chunk chunk(Batch batch, boolean isRetry, Outcome... outcomes) {
        List<Person> people =
                Arrays.stream(outcomes).map(outcome -> outcome.call().person()).toList();
        return new Chunk(batch.id(), "sample", 1, people, isRetry ? Chunk.Part.FAILED : Chunk.Part.ALL);
    }
}
