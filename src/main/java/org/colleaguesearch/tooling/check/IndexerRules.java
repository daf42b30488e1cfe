package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** An indexer is made from the template {@code index-chunk}, with a name that an indexer can have. */
final class IndexerRules implements Rule {
    private static final String INDEX = "index-chunk";

    /** What is said where no file declares an indexer. */
    static final String NONE =
            "no indexer is made of this: add one, in a file below routes/indexers/, as docs/guide.md shows";

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Yaml.Text> names = named(routes);
        return Stream.concat(
                names.isEmpty() ? none(routes) : Stream.of(),
                names.values().stream().flatMap(IndexerRules::name));
    }

    /** Those that there are, in order. */
    static Set<String> names(Routes routes) {
        return new TreeSet<>(named(routes).keySet());
    }

    private static Stream<Problem> none(Routes routes) {
        return routes.of(Declaration.TEMPLATE)
                .filter(template ->
                        routes.isWhole() && template.id().filter(INDEX::equals).isPresent())
                .map(template -> template.place().problem(NONE));
    }

    /** The routes that are made from the template of indexers. */
    static Stream<Declaration> indexers(Routes routes) {
        return routes.of(Declaration.TEMPLATED)
                .filter(made -> made.text("routeTemplateRef").stream()
                        .anyMatch(ref -> ref.text().equals(INDEX)));
    }

    private static Map<String, Yaml.Text> named(Routes routes) {
        Map<String, Yaml.Text> names = new HashMap<>();
        indexers(routes)
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
}
