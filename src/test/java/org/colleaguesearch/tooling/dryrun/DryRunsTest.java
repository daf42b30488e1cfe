package org.colleaguesearch.tooling.dryrun;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.junit.jupiter.api.Test;

class DryRunsTest {
    @Test
    void stopsWaitingAfterTimeout() {
        DryRuns impatient = new DryRuns(null, null, Duration.ofMillis(1));

        assertThatThrownBy(() -> impatient.await(new DryRun("patents", 1)))
                .isInstanceOf(RequestRefused.class)
                .hasMessageStartingWith("the dry run has not finished after ")
                .extracting(problem -> ((RequestRefused) problem).kind())
                .isEqualTo(Kind.TIMED_OUT);
    }
}
