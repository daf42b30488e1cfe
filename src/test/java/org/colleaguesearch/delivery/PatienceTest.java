package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience(Duration.ofMinutes(10));

    @Test
    void pausesGrowUpToTenSeconds() {
        for (int refusals = 1; refusals < 100; refusals++) {
            long full = Math.min(10_000, 200L << Math.min(refusals - 1, 20));
            assertThat(patience.pause(refusals, Duration.ZERO))
                    .isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
        }
    }

    @Test
    void pausesDifferSoThatChunksDoNotRetryTogether() {
        Set<Duration> pauses = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            pauses.add(patience.pause(9, Duration.ZERO));
        }
        assertThat(pauses).hasSizeGreaterThan(10);
    }

    @Test
    void pausesEndWithThePatience() {
        assertThat(patience.pause(9, Duration.ofMinutes(10).minusMillis(3))).isEqualTo(Duration.ofMillis(3));
        assertThat(patience.pause(9, Duration.ofMinutes(10))).isZero();
        assertThat(patience.pause(9, Duration.ofMinutes(11))).isZero();
    }

    @Test
    void isOverAfterItsDuration() {
        assertThat(patience.isOver(Duration.ofMinutes(10).minusNanos(1))).isFalse();
        assertThat(patience.isOver(Duration.ofMinutes(10))).isTrue();
    }

    @Test
    void isPrintedForHumans() {
        assertThat(patience).hasToString("10 min");
        assertThat(new Patience(Duration.ofSeconds(90))).hasToString("90.0 s");
        assertThat(new Patience(Duration.ofMillis(500))).hasToString("0.5 s");
    }
}
