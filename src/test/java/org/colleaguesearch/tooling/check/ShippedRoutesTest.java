package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The shipped routes pass the check with the shipped settings, as at start and in {@code check}. */
class ShippedRoutesTest {
    private static final Path HERE = Path.of("");

    @Test
    void passCheck() {
        RouteCheck check = RouteCheck.of(Shipped.settings());

        assertThat(check.files(HERE)).hasSizeGreaterThan(10);
        assertThat(check.check(HERE)).isEmpty();
    }
}
