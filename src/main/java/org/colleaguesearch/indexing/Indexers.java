package org.colleaguesearch.indexing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.commons.codec.digest.DigestUtils;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * The indexers that the route files declare: the routes made from the template {@code index-chunk}. Reads Camel's model
 * each time, so there is no second list to keep in sync.
 *
 * <p>The files may change during a run, which finishes with the routes, and so the indexer, that it started with. Safe
 * for any thread; an indexer runs once at a time, so one thread at a time holds and frees it.
 */
@Component("indexers")
public class Indexers {
    /** The group of the template index-chunk, which identifies its routes. */
    private static final String GROUP = "indexers";

    private static final Set<String> OF_DELIVERY = Set.of(
            "columns",
            "search",
            "filters",
            "suggest",
            "meaning",
            "show",
            "weight",
            "stopOnFirstError",
            "pool",
            "chunks");

    private final CurrentRoutes routes;
    private final Map<String, Indexer> held = new ConcurrentHashMap<>();

    Indexers(CurrentRoutes routes) {
        this.routes = routes;
    }

    /** The indexers of a new batch, by name. */
    public List<Indexer> all() {
        return in(routes.context());
    }

    /** The indexers of a Camel context, by name. */
    public static List<Indexer> in(CamelContext camel) {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(route -> indexesChunks(route) && !isOfExports(route))
                .map(Indexers::indexer)
                .sorted(Comparator.comparing(Indexer::name))
                .toList();
    }

    /** Keeps the indexer of a run that starts, until {@link #free}. Exports have none to keep. */
    public void hold(String name, CamelContext camel) {
        if (!Indexer.EXPORT.equals(name)) {
            held.put(name, find(name, in(camel)));
        }
    }

    /** Keeps an indexer that no route file declares, until {@link #free}. */
    public void hold(Indexer indexer) {
        held.put(indexer.name(), indexer);
    }

    /** Forgets the indexer of a run that has ended. */
    public void free(String name) {
        held.remove(name);
    }

    /** The error message for an unknown name, which lists the known ones. */
    public String unknown(String name) {
        return "unknown indexer '" + name + "'; expected one of: "
                + all().stream().map(Indexer::name).collect(Collectors.joining(", "));
    }

    /**
     * The indexer of this name: that of the current run, else that of the current routes.
     *
     * @throws IllegalArgumentException when it is unknown
     */
    public Indexer get(String name) {
        Indexer holding = held.get(name);
        return holding == null ? find(name, all()) : holding;
    }

    /**
     * The indexer that an exchange is for: that of its run, which goes on with the routes that it began with; a dry run
     * tries those of its own context.
     */
    public Indexer of(String name, Exchange exchange) {
        Chunk chunk = exchange.getVariable("chunk", Chunk.class);
        return chunk == null || chunk.isDryRun() ? find(name, in(exchange.getContext())) : get(name);
    }

    private static Indexer find(String name, List<Indexer> indexers) {
        return indexers.stream()
                .filter(indexer -> indexer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown indexer '" + name + "'"));
    }

    /** Whether a route is made from the template {@code index-chunk}: that of an indexer, or of exports. */
    static boolean indexesChunks(RouteDefinition route) {
        return GROUP.equals(route.getGroup());
    }

    static boolean isOfExports(RouteDefinition route) {
        return route.getRouteId().equals("index-" + Indexer.EXPORT);
    }

    static Indexer indexer(RouteDefinition route) {
        Map<String, String> parameters = parameters(route);
        List<String> columns = Arrays.stream(parameters.get("columns").split(","))
                .map(String::strip)
                .filter(column -> !column.isEmpty())
                .toList();
        String name = parameters.get("indexer");
        return new Indexer(
                name,
                columns,
                parameters.get("pool"),
                Boolean.parseBoolean(parameters.get("stopOnFirstError")),
                parameters.getOrDefault("api", Settings.DEFAULT_API),
                SectionSource.of(parameters),
                definition(parameters),
                SearchDeclaration.read(name, parameter -> parameters.getOrDefault(parameter, ""), columns));
    }

    /** Without the parameters that decide what becomes of a section, not what it is. */
    private static String definition(Map<String, String> parameters) {
        SortedMap<String, String> ofSection = new TreeMap<>(parameters);
        ofSection.keySet().removeAll(OF_DELIVERY);
        return DigestUtils.sha256Hex(ofSection.toString());
    }

    /** With the settings that {@code {{…}}} names. */
    private static Map<String, String> parameters(RouteDefinition route) {
        CamelContext camel = route.getRouteTemplateContext().getCamelContext();
        Map<String, String> parameters = new HashMap<>();
        route.getTemplateParameters().forEach((name, value) -> {
            String text = value.toString();
            parameters.put(name, text.contains("{{") ? camel.resolvePropertyPlaceholders(text) : text);
        });
        return parameters;
    }
}
