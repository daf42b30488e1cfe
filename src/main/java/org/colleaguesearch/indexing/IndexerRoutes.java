package org.colleaguesearch.indexing;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/**
 * Completes an indexer, of which a file declares {@code index-<indexer>} alone: makes {@code run-<indexer>} from the
 * template {@code run-indexer}, {@code fetch-<indexer>} from {@code fetch-section}, and in a cluster {@code
 * take-<indexer>} from {@code take-chunks}. Each indexer has its own routes
 * because Camel gives each route its own thread pools: an indexer whose API hangs does not block the others. Exports get
 * {@code run-export} the same way, and declare {@code fetch-export} themselves.
 *
 * <p>Camel calls this for each route that is added, after it has added all templates. Stateless.
 */
@Component
public class IndexerRoutes extends ModelLifecycleStrategySupport {
    private static final String RUN = "run-indexer";
    private static final String FETCH = "fetch-section";
    private static final String TAKE = "take-chunks";

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        if (!Indexers.indexesChunks(route)) {
            return;
        }
        CamelContext camel = route.getRouteTemplateContext().getCamelContext();
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        Indexer indexer = Indexers.indexer(route);
        boolean isExport = Indexers.isOfExports(route);
        Map<String, Object> parameters = new HashMap<>(route.getTemplateParameters());
        if (isExport) {
            parameters.put("chunks", "export-chunks");
        }
        parameters.put("edition", camel.getGlobalOptions().getOrDefault(CurrentRoutes.EDITION, ""));
        add(model, "run-" + indexer.name(), RUN, parameters);
        if (!isExport) {
            add(model, "fetch-" + indexer.name(), FETCH, parameters);
            if (isInCluster(camel)) {
                add(model, "take-" + indexer.name(), TAKE, parameters);
            }
        }
    }

    private static boolean isInCluster(CamelContext camel) {
        return !camel.resolvePropertyPlaceholders("{{colleagues.cluster.broker-url:}}")
                .isEmpty();
    }

    private static void add(Model model, String id, String template, Map<String, Object> parameters) {
        // Route tests load only some of the files.
        if (model.getRouteTemplateDefinition(template) != null) {
            try {
                model.addRouteFromTemplate(id, template, parameters);
            } catch (Exception e) {
                throw new IllegalStateException("cannot make the route " + id, e);
            }
        }
    }
}
