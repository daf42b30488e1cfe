package org.colleaguesearch.routes;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.colleaguesearch.tooling.testing.RouteTests;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that are written in YAML beside the routes. */
class RouteTestFilesTest {
    @TestFactory
    Stream<DynamicTest> cases() {
        return RouteTests.in(Path.of("routes")).map(test -> DynamicTest.dynamicTest(test.name(), test::check));
    }
}
