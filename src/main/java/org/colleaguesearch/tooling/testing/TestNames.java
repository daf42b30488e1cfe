package org.colleaguesearch.tooling.testing;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;

/**
 * The names that tests can use: the routes, steps and indexers of the application.
 *
 * @param routes the step ids of each route, by route id
 * @param steps the ids of all steps, including those of shared error handlers
 */
record TestNames(Map<String, Set<String>> routes, Set<String> steps, Set<String> indexers) {
    /** The unknown step names in a file. */
    Stream<Problem> unknown(TestFile file) {
        if (file.route() != null && !routes.containsKey(file.route())) {
            return Stream.of();
        }
        Set<String> own = file.route() == null ? steps : routes.get(file.route());
        return file.yaml().get("cases").items().stream().flatMap(each -> unknownSteps(each, own));
    }

    /** The route of a file if it does not exist, otherwise the indexers that do not exist. */
    Stream<Problem> absent(TestFile file) {
        if (file.route() != null && !routes.containsKey(file.route())) {
            return Stream.of(unknown(file.yaml().get("route"), "route", file.route(), routes.keySet()));
        }
        return file.yaml().get("cases").items().stream().flatMap(each -> unknownIndexers(each.get("given")));
    }

    private Stream<Problem> unknownSteps(Part each, Set<String> own) {
        Part expected = each.get("expect");
        Stream<Part> keys = Stream.of(each.get("answers"), expected.get("nodes"))
                .flatMap(map -> map.fields().stream())
                .filter(step -> !steps.contains(step.key()));
        Stream<Part> words = expected.get("order").items().stream()
                .filter(step -> step.text() != null && !steps.contains(step.text()));
        return Stream.concat(
                keys.map(step -> unknownStep(step, step.key(), own)),
                words.map(step -> unknownStep(step, step.text(), own)));
    }

    /** The step may belong to another route, which this one calls. */
    private Problem unknownStep(Part place, String step, Set<String> own) {
        boolean isOfAnother =
                Nearest.meant(step, own).isEmpty() && Nearest.meant(step, steps).isPresent();
        return unknown(place, "step", step, isOfAnother ? steps : own);
    }

    private Stream<Problem> unknownIndexers(Part given) {
        return Stream.of(
                        given.get("batch").get("indexers").items().stream(),
                        Stream.of(
                                given.get("chunk").get("indexer"),
                                given.get("outcomes").get("indexer")))
                .flatMap(all -> all)
                .filter(indexer -> indexer.text() != null
                        && !indexers.contains(indexer.text())
                        && !SampleIndexers.NAMES.contains(indexer.text()))
                .map(indexer -> unknown(indexer, "indexer", indexer.text(), indexers));
    }

    private static Problem unknown(Part place, String kind, String name, Set<String> known) {
        return place.place().problem("unknown " + kind + " '" + name + "'" + Nearest.remedy(name, known));
    }
}
