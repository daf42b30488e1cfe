package org.colleaguesearch.routes.contract;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What this project asks of its own route files, beyond what is right for any: names, ids of nodes, and the form of YAML.
 * Finds all that does not hold, each in one line that names the file.
 *
 * @param entrances the {@code direct:} endpoints that the main code sends to
 */
record Contract(Set<String> entrances) {
    List<String> problems(RouteFiles files) {
        Stream<Function<RouteFiles, Stream<String>>> rules = Stream.of(
                Naming::problems, NodeIds::problems, Form::problems, all -> UnusedRoutes.problems(all, entrances));
        return rules.flatMap(rule -> rule.apply(files)).distinct().toList();
    }
}
