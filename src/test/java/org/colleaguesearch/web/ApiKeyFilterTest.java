package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.colleaguesearch.source.NodeShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of the rate limit that the nodes of a cluster allow. */
class ApiKeyFilterTest {
    private final NodeShare share = new NodeShare();

    @ParameterizedTest
    @CsvSource({"5, 0, 2", "5, 1, 2", "5, 2, 1", "50, 0, 17", "50, 2, 16", "1, 0, 1", "1, 1, 1", "1, 2, 1"})
    void allowsPartOfThisNode(int limit, int rank, int part) {
        share.set(rank, 3);

        assertThat(allowed(filter(limit), "ada")).isEqualTo(part);
    }

    @Test
    void onlyNodeAllowsWholeLimit() {
        assertThat(allowed(filter(5), "ada")).isEqualTo(5);
    }

    @Test
    void followsNumberOfNodes() {
        ApiKeyFilter filter = filter(6);
        assertThat(allowed(filter, "ada")).isEqualTo(6);

        share.set(2, 3);
        assertThat(allowed(filter, "ada")).isEqualTo(2);
        await().until(() -> filter.limiter("ada").getMetrics().getAvailablePermissions() == 2);

        share.set(1, 2);
        assertThat(allowed(filter, "ada")).isEqualTo(3);
        // A key that is used for the first time.
        assertThat(allowed(filter, "bob")).isEqualTo(3);
    }

    @Test
    void oneKeyDoesNotAffectAnother() {
        share.set(0, 3);
        ApiKeyFilter filter = filter(1);
        filter.limiter("ada").drainPermissions();

        assertThat(filter.limiter("bob").acquirePermission()).isTrue();
    }

    private ApiKeyFilter filter(int requestsPerSecond) {
        return new ApiKeyFilter(new ApiKeys(List.of()), requestsPerSecond, share);
    }

    private static int allowed(ApiKeyFilter filter, String key) {
        return filter.limiter(key).getRateLimiterConfig().getLimitForPeriod();
    }
}
