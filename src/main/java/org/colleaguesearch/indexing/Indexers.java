package org.colleaguesearch.indexing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/**
 * The indexers that the route files declare: the routes made from the template {@code index-chunk}. Reads Camel's own
 * model each time, so there is no second list to keep in step.
 */
@Component("indexers")
public class Indexers {
    /** The group of the template, by which its routes are known. */
    private static final String GROUP = "indexers";

    private final CamelContext camel;

    Indexers(CamelContext camel) {
        this.camel = camel;
    }

    /** All indexers, by name. */
    public List<Indexer> all() {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(route -> GROUP.equals(route.getGroup()))
                .map(Indexers::indexer)
                .sorted(Comparator.comparing(Indexer::name))
                .toList();
    }

    /** The names of all indexers, for a message. */
    public String names() {
        return all().stream().map(Indexer::name).collect(Collectors.joining(", "));
    }

    /**
     * The indexer of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Indexer get(String name) {
        return all().stream()
                .filter(indexer -> indexer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no indexer is named " + name));
    }

    private static Indexer indexer(RouteDefinition route) {
        Map<String, Object> parameters = route.getTemplateParameters();
        List<String> columns = Arrays.stream(
                        parameters.get("columns").toString().split(","))
                .map(String::strip)
                .filter(column -> !column.isEmpty())
                .toList();
        return new Indexer(
                parameters.get("indexer").toString(),
                columns,
                parameters.get("pool").toString(),
                Boolean.parseBoolean(parameters.get("stopOnFirstError").toString()));
    }
}
