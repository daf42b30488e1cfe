package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;

@Timeout(600)
class OverlapIT {
    @TempDir
    Path folder;

    @Test
    void skipsATriggerWhileTheSameIndexerRuns(CapturedOutput output) throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FaultyApi api = new FaultyApi(SamplePeople.madeUp(30))
                .always(FaultyApi.path("p7", "patents"), good -> connection -> {
                    called.countDown();
                    await(goOn);
                    good.send(connection);
                });
        try (api;
                App app = App.start(folder, "--colleagues.apis.default.base-url=" + api.url());
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Future<Batch> first = other.submit(() -> app.runBatch("first trigger"));
            await(called);
            Batch second = app.runBatch("second trigger");
            goOn.countDown();

            assertThat(second.runs()).isEmpty();
            assertThat(first.get().exitCode()).isZero();
            assertThat(output.getOut())
                    .contains("second trigger: skipping indexer patents: still running in batch "
                            + first.get().id());
            assertThat(api.calls())
                    .hasSize(1 + 4 * 30)
                    .allSatisfy((path, calls) -> assertThat(calls).isEqualTo(1));

            Batch third = app.runBatch("third trigger");
            assertThat(third.runs()).hasSize(4);
            assertThat(third.exitCode()).isZero();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
