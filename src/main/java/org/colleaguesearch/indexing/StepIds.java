package org.colleaguesearch.indexing;

import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.springframework.stereotype.Component;

/**
 * Lets step ids be unique within a route only, although Camel wants them to be unique among all routes: Camel puts the id
 * of the route before them. The ids of a model, which tests use, stay as they are written. Camel gives routes made from
 * templates such a prefix itself. Stateless.
 */
@Component
public class StepIds extends ModelLifecycleStrategySupport {
    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        if (route.getNodePrefixId() == null && route.getRouteId() != null) {
            // With a character that ids lack, since Camel compares the result with the ids of other routes.
            route.setNodePrefixId(route.getRouteId() + "/");
        }
    }
}
