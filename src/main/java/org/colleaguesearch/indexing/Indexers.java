package org.colleaguesearch.indexing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/**
 * The indexers that the route files declare: the routes made from the template {@code index-chunk}. Reads Camel's own
 * model each time, so there is no second list to keep in step.
 *
 * <p>The files may change while a run is under way. It ends as it began, with the routes and so with the indexer that it
 * has held. Any thread may ask; an indexer runs once at a time, so that one thread at a time holds and frees it.
 */
@Component("indexers")
public class Indexers {
    /** The group of the template, by which its routes are known. */
    private static final String GROUP = "indexers";

    private final CurrentRoutes routes;
    private final Map<String, Indexer> held = new ConcurrentHashMap<>();

    Indexers(CurrentRoutes routes) {
        this.routes = routes;
    }

    /** All indexers that a new batch has, by name. */
    public List<Indexer> all() {
        return in(routes.context());
    }

    /** All indexers of a Camel context, by name. */
    public static List<Indexer> in(CamelContext camel) {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(Indexers::isIndexer)
                .map(Indexers::indexer)
                .sorted(Comparator.comparing(Indexer::name))
                .toList();
    }

    /** Keeps an indexer as it is in the routes of a run that begins, until {@link #free}. */
    public void hold(String name, CamelContext camel) {
        held.put(name, find(name, in(camel)));
    }

    /** Keeps an indexer that no route file declares, until {@link #free}. */
    public void hold(Indexer indexer) {
        held.put(indexer.name(), indexer);
    }

    /** The run of an indexer has ended. */
    public void free(String name) {
        held.remove(name);
    }

    /** The error message for an unknown name, which lists the known ones. */
    public String unknown(String name) {
        return "unknown indexer '" + name + "'; expected one of: "
                + all().stream().map(Indexer::name).collect(Collectors.joining(", "));
    }

    /**
     * The indexer of a name: as the run that is under way has it, else as a new one would.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Indexer get(String name) {
        Indexer holding = held.get(name);
        return holding == null ? find(name, all()) : holding;
    }

    private static Indexer find(String name, List<Indexer> indexers) {
        return indexers.stream()
                .filter(indexer -> indexer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no indexer is named " + name));
    }

    static boolean isIndexer(RouteDefinition route) {
        return GROUP.equals(route.getGroup());
    }

    static Indexer indexer(RouteDefinition route) {
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
