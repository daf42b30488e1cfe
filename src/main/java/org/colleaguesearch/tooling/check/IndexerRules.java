package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** An indexer is made of both templates, with one name that an indexer can have. */
final class IndexerRules implements Rule {
    private static final String INDEX = "index-chunk";
    private static final String RUN = "run-indexer";

    /** What is said where no file declares an indexer. */
    static final String NONE =
            "no indexer is made of this: add one, in a file below routes/indexers/, as docs/guide.md shows";

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Yaml.Text> indexed = named(routes, INDEX);
        Map<String, Yaml.Text> run = named(routes, RUN);
        return Stream.of(
                        indexed.isEmpty() && run.isEmpty() ? none(routes) : Stream.<Problem>of(),
                        Stream.concat(indexed.values().stream(), run.values().stream())
                                .flatMap(IndexerRules::name),
                        alone(routes, indexed, run, RUN),
                        alone(routes, run, indexed, INDEX))
                .flatMap(problems -> problems);
    }

    /** Those that can run, in order. */
    static Set<String> names(Routes routes) {
        return new TreeSet<>(named(routes, RUN).keySet());
    }

    private static Stream<Problem> none(Routes routes) {
        return routes.of(Declaration.TEMPLATE)
                .filter(template ->
                        routes.isWhole() && template.id().filter(INDEX::equals).isPresent())
                .map(template -> template.place().problem(NONE));
    }

    private static Map<String, Yaml.Text> named(Routes routes, String template) {
        Map<String, Yaml.Text> names = new HashMap<>();
        routes.of(Declaration.TEMPLATED)
                .filter(made -> made.text("routeTemplateRef")
                        .filter(ref -> ref.text().equals(template))
                        .isPresent())
                .flatMap(made -> made.value().items("parameters").stream())
                .filter(parameter -> parameter
                        .text("name")
                        .filter(name -> name.text().equals("indexer"))
                        .isPresent())
                .flatMap(parameter -> parameter.text("value").stream())
                .forEach(name -> names.putIfAbsent(name.text(), name));
        return names;
    }

    private static Stream<Problem> name(Yaml.Text name) {
        return Indexer.wrongName(name.text()).map(name.place()::problem).stream();
    }

    private static Stream<Problem> alone(
            Routes routes, Map<String, Yaml.Text> names, Map<String, Yaml.Text> others, String template) {
        return names.values().stream()
                .filter(name -> routes.isWhole() && !others.containsKey(name.text()))
                .map(name -> name.place()
                        .problem("the indexer " + name.text() + " has no templatedRoute of " + template
                                + Nearest.meant(name.text(), others.keySet())
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse(": add one to the file, with this name")));
    }
}
