package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** At least one indexer is made from the template {@code index-chunk}, and indexers have valid names. */
final class IndexerRules implements Rule {
    private static final String INDEX = "index-chunk";
    private static final String EXPORTS = "index-export";

    /** The problem's text when no file declares an indexer. */
    static final String NONE =
            "no indexer uses this template: add one in a file below site/routes/indexers/, as docs/guide.md shows";

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Yaml.Text> names = named(routes);
        return Stream.concat(
                names.isEmpty() ? none(routes) : Stream.of(),
                names.values().stream().flatMap(IndexerRules::name));
    }

    /** The names of all indexers, sorted. */
    static Set<String> names(Routes routes) {
        return new TreeSet<>(named(routes).keySet());
    }

    private static Stream<Problem> none(Routes routes) {
        return routes.of(Declaration.TEMPLATE)
                .filter(template ->
                        routes.isWhole() && template.id().filter(INDEX::equals).isPresent())
                .map(template -> template.place().problem(NONE));
    }

    /** The routes made from the template index-chunk, without that of exports. */
    static Stream<Declaration> indexers(Routes routes) {
        return routes.of(Declaration.TEMPLATED)
                .filter(made -> made.text("routeTemplateRef").stream()
                        .anyMatch(ref -> ref.text().equals(INDEX)))
                .filter(made ->
                        made.text("routeId").stream().noneMatch(id -> id.text().equals(EXPORTS)));
    }

    private static Map<String, Yaml.Text> named(Routes routes) {
        Map<String, Yaml.Text> names = new HashMap<>();
        indexers(routes).flatMap(IndexerRules::names).forEach(name -> names.putIfAbsent(name.text(), name));
        return names;
    }

    private static Stream<Yaml.Text> names(Declaration made) {
        return made.value().items("parameters").stream()
                .filter(parameter -> parameter
                        .text("name")
                        .filter(name -> name.text().equals("indexer"))
                        .isPresent())
                .flatMap(parameter -> parameter.text("value").stream());
    }

    private static Stream<Problem> name(Yaml.Text name) {
        return Indexer.wrongName(name.text()).map(name.place()::problem).stream();
    }
}
