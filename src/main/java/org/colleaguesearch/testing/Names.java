package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.colleaguesearch.check.Nearest;

/**
 * What tests can name: the routes, their steps and the indexers of the application.
 *
 * @param routes the ids of the steps of each route, by its id
 * @param steps the ids of all steps, also of those on errors, which are several routes'
 */
record Names(Map<String, Set<String>> routes, Set<String> steps, Set<String> indexers) {
    /** The names in some cases that nothing has, a line each. */
    List<String> unknown(List<RouteCase> cases) {
        List<String> problems = new ArrayList<>();
        cases.forEach(each -> unknown(each, problems));
        return problems.stream().distinct().toList();
    }

    private void unknown(RouteCase each, List<String> problems) {
        Set<String> own = routes.get(each.route());
        if (own == null) {
            Part file = new Part(each.yaml().file(), JsonPointer.empty());
            Part place = file.has("route") ? file.get("route") : file;
            problems.add(place.place() + ": there is no route '" + each.route() + "'"
                    + Nearest.remedy(each.route(), routes.keySet()));
            return;
        }
        List<Part> steps = new ArrayList<>(each.yaml().get("answers").fields());
        steps.addAll(each.expected().get("nodes").fields());
        for (Part step : steps) {
            check(step, step.key(), own, problems);
        }
        each.expected().get("order").items().forEach(step -> check(step, step.text(), own, problems));
        Part given = each.given();
        List<Part> named = new ArrayList<>(given.get("batch").get("indexers").items());
        named.addAll(
                List.of(given.get("chunk").get("indexer"), given.get("outcomes").get("indexer")));
        named.stream()
                .filter(Part::isThere)
                .filter(indexer -> !indexers.contains(indexer.text()))
                .forEach(indexer -> problems.add(indexer.place() + ": there is no indexer '" + indexer.text() + "'"
                        + Nearest.remedy(indexer.text(), indexers)));
    }

    /** It may be one of another route, that this one calls. */
    private void check(Part place, String step, Set<String> own, List<String> problems) {
        if (!steps.contains(step)) {
            boolean isNear = Nearest.meant(step, own).isPresent()
                    || Nearest.meant(step, steps).isEmpty();
            problems.add(
                    place.place() + ": there is no step '" + step + "'" + Nearest.remedy(step, isNear ? own : steps));
        }
    }
}
