package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeShareTest {
    private final NodeShare share = new NodeShare();

    @Test
    void onlyNodeHasAll() {
        assertThat(share.of(7)).isEqualTo(7);
        assertThat(share.nanosPerCall(4)).isEqualTo(250_000_000L);
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 3", "7, 3", "9, 3", "10000, 50"})
    void nodesTogetherHaveAllAndNoMore(int limit, int nodes) {
        int[] parts = IntStream.range(0, nodes)
                .map(rank -> {
                    share.set(rank, nodes);
                    return share.of(limit);
                })
                .toArray();

        assertThat(IntStream.of(parts).sum()).isEqualTo(limit);
        assertThat(IntStream.of(parts).max().orElseThrow()
                        - IntStream.of(parts).min().orElseThrow())
                .isLessThanOrEqualTo(1);
        assertThat(share.nanosPerCall(1)).isEqualTo(nodes * 1_000_000_000L);
    }

    @Test
    void nodeThatTheOthersDoNotKnowHasNone() {
        share.none();

        assertThat(share.of(7)).isZero();
        assertThat(share.isKnown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"5, 0, 2", "5, 1, 2", "5, 2, 1", "1, 0, 1", "1, 2, 1"})
    void lastKnownPartIsAtLeastOneAndOutlivesItsTime(int limit, int rank, int part) {
        share.set(rank, 3);
        assertThat(share.lastKnownOf(limit)).isEqualTo(part);

        share.none();
        assertThat(share.lastKnownOf(limit)).isEqualTo(part);
    }

    @Test
    void lastKnownPartIsAllUntilTheOthersAreKnown() {
        share.none();

        assertThat(share.lastKnownOf(5)).isEqualTo(5);
    }
}
