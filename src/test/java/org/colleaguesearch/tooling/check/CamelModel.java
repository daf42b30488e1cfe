package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.NamedNode;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.springframework.core.env.Environment;

/** Camel's own model of route files, loaded but not started, as lines of XML. */
final class CamelModel {
    /** Called by preconditions while the files are loaded. */
    public static final class AllDeliveries {
        public boolean toOpenSearch() {
            return true;
        }

        public boolean toCsv() {
            return true;
        }
    }

    private CamelModel() {}

    /**
     * Loads all files.
     *
     * @throws Exception when Camel rejects them
     */
    static List<String> of(Path folder, List<Path> files, Environment settings) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("deliveries", new AllDeliveries());
            Properties properties = new Properties();
            new KnownSettings(settings).keys().forEach(key -> properties.put(key, settings.getProperty(key)));
            camel.getPropertiesComponent().setInitialProperties(properties);
            List<Resource> resources = new ArrayList<>();
            for (Path file : files) {
                resources.add(PluginHelper.getResourceLoader(camel)
                        .resolveResource("file:" + folder.resolve(file).toAbsolutePath()));
            }
            PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
            Model model = camel.getCamelContextExtension().getContextPlugin(Model.class);
            List<NamedNode> nodes = new ArrayList<>(model.getRouteDefinitions());
            nodes.addAll(model.getRouteTemplateDefinitions());
            nodes.addAll(model.getRouteConfigurationDefinitions());
            nodes.addAll(model.getRestDefinitions());
            List<String> lines = new ArrayList<>();
            for (NamedNode node : nodes) {
                PluginHelper.getModelToXMLDumper(camel)
                        .dumpModelAsXml(camel, node)
                        // Camel numbers the routes made from a template.
                        .replaceAll("}}--\\d+", "}}-")
                        .lines()
                        .map(String::strip)
                        .forEach(lines::add);
            }
            return lines;
        }
    }

    /** The lines that are in only one of two lists. */
    static Set<String> difference(List<String> one, List<String> other) {
        Set<String> difference = new TreeSet<>(one);
        difference.removeAll(other);
        Set<String> more = new TreeSet<>(other);
        more.removeAll(one);
        difference.addAll(more);
        return difference;
    }
}
