package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/** Each YAML file among the routes has routes or tests of them by its name, or is one that routes name. */
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
                        "a file of this name is not read: rename it to ….camel.yaml for routes or ….test.yaml for tests,"
                                + " or move it elsewhere"));
    }
}
