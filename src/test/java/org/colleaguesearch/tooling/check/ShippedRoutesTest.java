package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The shipped routes, with the shipped settings, pass the check that a start and {@code --check} make. */
class ShippedRoutesTest {
    private static final Path HERE = Path.of("");

    @Test
    void areRight() {
        RouteCheck check = RouteCheck.of(Shipped.settings());

        assertThat(check.files(HERE)).hasSizeGreaterThan(10);
        assertThat(check.check(HERE)).isEmpty();
    }
}
