package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;

@Isolated("lets the JVM log more")
@Timeout(600)
class LogContextIT {
    @TempDir
    Path folder;

    @Test
    void logLinesOfARunHaveBatchRunAndChunk(CapturedOutput output) throws IOException {
        try (FaultyApi api = new FaultyApi(SamplePeople.madeUp(3))
                        .first(FaultyApi.path("p1", "patents"), FaultyApi.instead(Replies.error(503)));
                App app = App.start(
                        folder,
                        "--colleagues.apis.default.base-url=" + api.url(),
                        "--colleagues.indexing.only=patents",
                        "--colleagues.indexing.batch-size=1",
                        "--logging.level.org.apache.camel.processor.errorhandler=debug")) {
            Batch batch = app.runBatch("test");

            assertThat(output.getOut().lines())
                    .filteredOn(line -> line.contains("Failed delivery"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains(" [" + batch.id() + " patents 2] "));
            assertThat(output.getOut().lines())
                    .filteredOn(line -> line.contains(" active people"))
                    .singleElement()
                    .asString()
                    .contains(" [" + batch.id() + "] ");
            assertThat(output.getOut().lines())
                    .filteredOn(line -> line.contains("opened by test"))
                    .singleElement()
                    .asString()
                    .doesNotContain("[");
        }
    }
}
