package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/** Each YAML file among the routes is named as a route or test file, or is referenced by a route. */
record FileNames(List<Path> others) implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        return others.stream()
                .filter(file ->
                        routes.isWhole() && routes.naming(file).findAny().isEmpty())
                .map(file -> new Problem(
                        file,
                        1,
                        1,
                        "files with this name are ignored: rename it to ….camel.yaml for routes or ….test.yaml for"
                                + " tests, or move it elsewhere"));
    }
}
