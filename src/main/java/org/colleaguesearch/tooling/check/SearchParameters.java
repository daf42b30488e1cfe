package org.colleaguesearch.tooling.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.colleaguesearch.indexing.DeclaredSearchNames;
import org.colleaguesearch.indexing.SearchDeclaration;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** What indexers declare as searched is valid, and the names that they choose are unique. */
record SearchParameters(KnownSettings settings) implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        DeclaredSearchNames names = new DeclaredSearchNames();
        return IndexerRules.indexers(routes).flatMap(made -> problem(made, names).stream());
    }

    /** The first problem of an indexer, whose names are added to those of the others. */
    private Optional<Problem> problem(Declaration made, DeclaredSearchNames names) {
        Map<String, Yaml.Text> values = new HashMap<>();
        for (Yaml.Keys parameter : made.value().items("parameters")) {
            parameter
                    .text("name")
                    .ifPresent(
                            name -> parameter.text("value").ifPresent(value -> values.putIfAbsent(name.text(), value)));
        }
        UnaryOperator<String> text = name ->
                values.containsKey(name) ? settings.filled(values.get(name).text()) : "";
        List<String> columns = Arrays.stream(text.apply("columns").split(","))
                .map(String::strip)
                .toList();
        try {
            Searched searched = SearchDeclaration.read(text.apply("indexer"), text, columns);
            if (searched.isDeclared()) {
                names.add(searched);
            }
            return Optional.empty();
        } catch (SearchDeclaration.Wrong e) {
            Yaml.Text value = values.get(e.parameter());
            return Optional.of((value == null ? made.place() : value.place()).problem(e.getMessage()));
        }
    }
}
