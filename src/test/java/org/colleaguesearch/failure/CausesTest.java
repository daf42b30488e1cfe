package org.colleaguesearch.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void listsCausesOutermostFirst() {
        IOException inner = new IOException("inner");
        RuntimeException outer = new RuntimeException(inner);

        assertThat(Causes.of(outer)).containsExactly(outer, inner);
        assertThat(Causes.of(null)).isEmpty();
    }

    @Test
    void toleratesCircularCauses() {
        RuntimeException one = new RuntimeException("one");
        one.initCause(new RuntimeException("other", one));

        assertThat(Causes.of(one)).hasSizeLessThan(100);
        assertThat(Causes.deepest(one)).isIn("one", "other");
    }

    @Test
    void usesTheFirstLineOrTheClassName() {
        assertThat(Causes.line(new IOException("first\nsecond"))).isEqualTo("first");
        assertThat(Causes.line(new IOException())).isEqualTo("IOException");
        assertThat(Causes.line(new IOException(""))).isEqualTo("IOException");
    }
}
