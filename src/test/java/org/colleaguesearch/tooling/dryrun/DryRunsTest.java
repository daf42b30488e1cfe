package org.colleaguesearch.tooling.dryrun;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.colleaguesearch.web.ProblemException;
import org.junit.jupiter.api.Test;

class DryRunsTest {
    @Test
    void waitsForABoundedTimeOnly() {
        DryRuns impatient = new DryRuns(null, null, Duration.ofMillis(1));

        assertThatThrownBy(() -> impatient.await(new DryRun("patents", 1)))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("the dry run has not ended after ")
                .extracting(problem -> ((ProblemException) problem).status())
                .isEqualTo(504);
    }
}
