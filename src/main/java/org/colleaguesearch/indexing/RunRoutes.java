package org.colleaguesearch.indexing;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Makes the route {@code run-<indexer>} from the template {@code run-indexer} for each indexer, so that a file declares
 * one route. A route for each, since Camel gives each its own thread pools: an indexer whose API hangs holds up no other.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class RunRoutes implements CamelContextConfiguration {
    private static final String TEMPLATE = "run-indexer";

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        addTo(camel);
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {}

    /** Adds those that are missing to a context that has read the route files. */
    public static void addTo(CamelContext camel) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        // Tests load some of the files.
        if (model.getRouteTemplateDefinition(TEMPLATE) == null) {
            return;
        }
        for (Indexer indexer : Indexers.in(camel)) {
            String id = "run-" + indexer.name();
            if (model.getRouteDefinition(id) == null) {
                try {
                    model.addRouteFromTemplate(id, TEMPLATE, Map.of("indexer", indexer.name()));
                } catch (Exception e) {
                    throw new IllegalStateException("cannot make the route " + id, e);
                }
            }
        }
    }
}
