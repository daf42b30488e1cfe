package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchTest {
    private static final Call CALL = new Call(new Person("a", "A"), "https://api/people/a/patents");

    @TempDir
    Path folder;

    private Batch batch;

    @BeforeEach
    void openBatch() {
        batch = new Batch("20261123T020000000Z", folder, List.of("functions", "patents"));
    }

    @AfterEach
    void deleteBatch() throws IOException {
        batch.people().delete();
    }

    @Test
    void exitsWith0WhenEveryOutcomeWasDelivered() {
        batch.runs().forEach(run -> end(run, fetched(1), fetched(0)));

        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void exitsWith0WhenThereIsNobody() {
        batch.runs().forEach(run -> end(run));

        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void exitsWith1WhenSomeUrlFailed() {
        end(batch.runs().get(0), fetched(1));
        end(batch.runs().get(1), fetched(1), failed());

        assertThat(batch.exitCode()).isEqualTo(1);
    }

    @Test
    void exitsWith2WhenSomeRunFailed() {
        end(batch.runs().get(0), failed());
        batch.runs().get(1).start();
        batch.runs().get(1).fail("No space left on device");
        batch.runs().get(1).end();

        assertThat(batch.runs().get(1).state()).isEqualTo(Run.State.FAILED);
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void exitsWith2WhenSomeRunDidNotStartOrEnd() {
        end(batch.runs().get(0));
        assertThat(batch.exitCode()).isEqualTo(2);

        batch.runs().get(1).start();
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void exitsWith2WhenSomeRunWasInterrupted() {
        end(batch.runs().get(0));
        batch.stop();
        end(batch.runs().get(1));

        assertThat(batch.runs()).extracting(Run::state).containsExactly(Run.State.COMPLETED, Run.State.INTERRUPTED);
        assertThat(batch.exitCode()).isEqualTo(2);
    }

    @Test
    void exitsWith2WhenTheBatchFailed() {
        batch.runs().forEach(run -> end(run));
        batch.fail("HTTP 500");

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure()).isEqualTo("HTTP 500");
    }

    @Test
    void exitsWith2WhenNoIndexerCouldRun() throws IOException {
        Batch none = new Batch("20261123T020000001Z", folder, List.of());
        none.people().delete();

        assertThat(none.exitCode()).isEqualTo(2);
    }

    @Test
    void countsWhatWasDelivered() {
        Run run = batch.runs().get(0);
        run.start();
        run.add(chunk(fetched(3), failed(), fetched(0)), true, true);
        run.add(chunk(fetched(1)), true, true);
        run.end();

        assertThat(run.urls()).isEqualTo(4);
        assertThat(run.errors()).isEqualTo(1);
        assertThat(run.summary())
                .startsWith("run functions completed: people 0, URLs 4, documents 3, rows 4, errors 1, ")
                .hasLineCount(1);
    }

    @Test
    void countsNoDocumentsOrRowsWhereNoneAreDelivered() {
        Run run = batch.runs().get(0);
        run.add(chunk(fetched(3)), false, false);

        assertThat(run.summary()).contains("documents 0, rows 0, errors 0");
    }

    @Test
    void saysWhyRunFailed() {
        Run run = batch.runs().get(0);
        assertThat(run.fail("No space left on device")).isTrue();
        assertThat(run.fail("another chunk found another reason")).isFalse();
        run.end();

        assertThat(run.summary()).startsWith("run functions failed: ").endsWith(" (No space left on device)");
    }

    private static void end(Run run, Outcome... outcomes) {
        run.start();
        run.add(chunk(outcomes), true, true);
        run.end();
    }

    private static ChunkOutcomes chunk(Outcome... outcomes) {
        return new ChunkOutcomes(new Chunk("20261123T020000000Z", "functions", 1, List.of()), Arrays.asList(outcomes));
    }

    private static Fetched fetched(int items) {
        var section = new ObjectMapper().createArrayNode();
        for (int i = 0; i < items; i++) {
            section.addObject();
        }
        return new Fetched(CALL, section, 2);
    }

    private static Failed failed() {
        return new Failed(CALL, "HTTP 404 Not Found", 404, 1);
    }
}
