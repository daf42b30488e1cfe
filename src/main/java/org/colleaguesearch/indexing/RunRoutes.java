package org.colleaguesearch.indexing;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/**
 * Makes the route {@code run-<indexer>} from the template {@code run-indexer} for each indexer, so that a file declares
 * one route. A route for each, since Camel gives each its own thread pools: an indexer whose API hangs holds up no other.
 * Camel calls it for each route that is added, and adds templates before the routes made from them. Stateless.
 */
@Component
public class RunRoutes extends ModelLifecycleStrategySupport {
    private static final String TEMPLATE = "run-indexer";

    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        if (!Indexers.isIndexer(route)) {
            return;
        }
        CamelContext camel = route.getRouteTemplateContext().getCamelContext();
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        String indexer = Indexers.indexer(route).name();
        // Tests load some of the files.
        if (model.getRouteTemplateDefinition(TEMPLATE) != null) {
            try {
                model.addRouteFromTemplate("run-" + indexer, TEMPLATE, Map.of("indexer", indexer));
            } catch (Exception e) {
                throw new IllegalStateException("cannot make the route run-" + indexer, e);
            }
        }
    }
}
