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
 * @param route its id, or null, if the file does not say it rightly
 * @param yaml what it says, which may make no sense
 */
record TestFile(String route, Part yaml) {
    static final String ENDING = ".test.yaml";

    /**
     * Reads one.
     *
     * @throws Unreadable when it cannot be read, or is no YAML
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

    /** What is wrong with it, whatever the application has; in no order. */
    Stream<Problem> problems() {
        return Stream.concat(Format.problems(yaml.file()), Contents.problems(yaml).stream());
    }

    /** The cases of one that has no problem. */
    Stream<RouteCase> cases() {
        return yaml.get("cases").items().stream().map(each -> RouteCase.of(route, each));
    }
}
