package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Unreadable;

/**
 * A file with the tests of a route: {@code <route>.test.yaml}.
 *
 * @param route the id of the route, or null if the file gives it incorrectly
 * @param yaml its content, which may be invalid
 */
record TestFile(String route, Part yaml) {
    static final String ENDING = ".test.yaml";

    /**
     * Reads a test file.
     *
     * @throws Unreadable when it cannot be read or is not YAML
     */
    static TestFile read(Path path) throws Unreadable {
        Part yaml = new Part(YamlFile.read(path), JsonPointer.empty());
        return new TestFile(route(yaml, path.getFileName().toString()), yaml);
    }

    private static String route(Part yaml, String file) {
        boolean isLeftOut = !yaml.has("route")
                && Nearest.meant("route", yaml.fields().stream().map(Part::key).toList())
                        .isEmpty();
        return isLeftOut
                ? file.substring(0, file.length() - ENDING.length())
                : yaml.get("route").text();
    }

    /** Its problems, apart from unknown names; unordered. */
    Stream<Problem> problems() {
        return Stream.concat(Format.problems(yaml.file()), Contents.problems(yaml).stream());
    }

    /** The cases of a file without problems. */
    Stream<RouteCase> cases() {
        return yaml.get("cases").items().stream().map(each -> RouteCase.of(route, each));
    }
}
