package org.colleaguesearch.routes.contract;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What holds for every route file. Finds all that does not, each in one line that names the file.
 *
 * @param settings the keys that application.yml has
 * @param pools the thread pool profiles that it has
 * @param beans the names of the beans of the main code
 * @param entrances the {@code direct:} endpoints that the main code sends to
 */
record Contract(Set<String> settings, Set<String> pools, Set<String> beans, Set<String> entrances) {
    List<String> problems(RouteFiles files) {
        Stream<Function<RouteFiles, Stream<String>>> rules = Stream.of(
                all -> all.unreadable().stream(),
                Naming::problems,
                NodeIds::problems,
                Form::problems,
                Schema::problems,
                all -> References.placeholders(all, settings),
                all -> References.pools(all, pools),
                all -> References.beans(all, beans),
                References::templates,
                References::configurations,
                RestOperations::problems,
                all -> DirectEndpoints.problems(all, entrances));
        return rules.flatMap(rule -> rule.apply(files)).distinct().toList();
    }
}
