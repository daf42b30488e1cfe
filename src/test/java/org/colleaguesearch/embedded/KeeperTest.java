package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

class KeeperTest {
    private final AtomicInteger starts = new AtomicInteger();

    @Test
    void restartsExitedProcessEvenAfterFailedRestartsUpToALimit(CapturedOutput log) throws Exception {
        ProcessHandle dead = ended();
        Keeper keeper = new Keeper(
                () -> dead,
                () -> {
                    starts.incrementAndGet();
                    throw new StartFailure("the disk is full");
                },
                Duration.ZERO);
        keeper.begin();
        keeper.begin();

        await().until(() -> log.getAll().contains("is not restarted"));
        assertThat(starts).hasValue(5);
        assertThat(log).contains("(1 of 5 restarts in 10 min)", "(5 of 5 restarts in 10 min)", "the disk is full");
        keeper.end();
    }

    @Test
    void leavesRunningProcessAlone() {
        AtomicInteger looks = new AtomicInteger();
        Keeper looking = new Keeper(
                () -> {
                    looks.incrementAndGet();
                    return ProcessHandle.current();
                },
                starts::incrementAndGet,
                Duration.ZERO);
        looking.begin();
        await().until(() -> looks.get() >= 2);
        looking.end();

        assertThat(starts).hasValue(0);
    }

    @Test
    void restartsNothingAfterEnd(CapturedOutput log) throws Exception {
        ProcessHandle dead = ended();
        Keeper keeper = new Keeper(() -> dead, starts::incrementAndGet, Duration.ZERO);
        keeper.end();

        // On this thread: it returns immediately.
        keeper.run();

        assertThat(starts).hasValue(0);
        assertThat(log).doesNotContain("exited unexpectedly");
    }

    private static ProcessHandle ended() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.toHandle();
    }
}
