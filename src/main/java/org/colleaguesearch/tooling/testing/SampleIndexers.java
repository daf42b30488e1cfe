package org.colleaguesearch.tooling.testing;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/** Indexers that every test has, whichever the route files declare, so that tests need none of a user's. Stateless. */
final class SampleIndexers {
    static final List<String> NAMES = List.of("other", "sample");

    private static final String TEMPLATE = "index-chunk";

    private SampleIndexers() {}

    /** Makes the routes of these indexers, instead of those that files declare under the same names. */
    static void replaceOthers(CamelContext camel) {
        Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getRouteTemplateDefinition(TEMPLATE) != null) {
            NAMES.forEach(name -> replace(model, name));
        }
    }

    private static void replace(Model model, String name) {
        try {
            for (String route : List.of("run-" + name, "index-" + name, "fetch-" + name)) {
                RouteDefinition declared = model.getRouteDefinition(route);
                if (declared != null) {
                    model.removeRouteDefinition(declared);
                }
            }
            model.addRouteFromTemplate(
                    "index-" + name,
                    TEMPLATE,
                    Map.of("indexer", name, "url", "/people/{id}/" + name, "section", "." + name, "columns", "title"));
            // Not one of the application's indexers, which tests can list.
            model.getRouteDefinition("index-" + name).setGroup(null);
        } catch (Exception e) {
            throw new IllegalStateException("cannot make the indexer " + name, e);
        }
    }
}
