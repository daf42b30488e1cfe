package org.colleaguesearch.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportRequestTest {
    @Test
    void digestDependsOnUrlsAndColumnsOnly() {
        String digest = digest(List.of("a", "b"), List.of("c"));

        assertThat(new ExportRequest("other", "job", List.of("a", "b"), Optional.of(List.of("c"))).digest())
                .isEqualTo(digest)
                .hasSize(64);
        assertThat(digest(List.of("b", "a"), List.of("c"))).isNotEqualTo(digest);
        assertThat(digest(List.of("ab"), List.of("c"))).isNotEqualTo(digest);
        assertThat(digest(List.of("a", "b", "c"), List.of())).isNotEqualTo(digest);
        assertThat(digest(List.of("a"), List.of("b", "c"))).isNotEqualTo(digest);
        assertThat(digest(List.of("a", "b"), null)).isNotEqualTo(digest(List.of("a", "b"), List.of()));
        assertThat(digest(List.of("a"), List.of("\ud800"))).isNotEqualTo(digest(List.of("a"), List.of("?")));
        assertThat(digest(List.of("1:a", "b"), null)).isNotEqualTo(digest(List.of("1", "a", "b"), null));
    }

    private static String digest(List<String> urls, List<String> columns) {
        return new ExportRequest("key", "job", urls, Optional.ofNullable(columns)).digest();
    }
}
