package org.colleaguesearch.tooling.check;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.component.jms.JmsComponent;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.colleaguesearch.indexing.IndexerRoutes;
import org.colleaguesearch.indexing.StepIds;
import org.colleaguesearch.settings.PlaceholderParser;

/**
 * A Camel context that makes routes but never starts: no route runs, no port is opened, and the application's beans are
 * {@link StandIns}. Beans that files declare are created as usual, which runs their constructors and factory methods.
 * For one thread.
 */
final class UnstartedCamel implements AutoCloseable {
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final StepTracker steps = new StepTracker();

    UnstartedCamel(Path folder, KnownSettings settings) {
        camel.disableJMX();
        camel.getCamelContextExtension()
                .addContextPlugin(ResourceLoader.class, new FolderResourceLoader(folder, camel));
        camel.getCamelContextExtension().setStartupStepRecorder(steps);
        camel.setSourceLocationEnabled(true);
        PropertiesComponent properties = (PropertiesComponent) camel.getPropertiesComponent();
        PlaceholderParser placeholders = new PlaceholderParser(settings.settings());
        placeholders.setPropertiesComponent(properties);
        properties.setPropertiesParser(placeholders);
        properties.addPropertiesSource(new PropertiesSource() {
            @Override
            public String getName() {
                return "settings";
            }

            @Override
            public String getProperty(String key) {
                return settings.value(key);
            }
        });
        camel.addModelLifecycleStrategy(new IndexerRoutes());
        camel.addModelLifecycleStrategy(new StepIds());
        StandIns.bind(camel.getRegistry());
        // The only component that asks for a bean when it makes an endpoint.
        camel.addComponent("jms", JmsComponent.jmsComponent(noBroker()));
        settings.pools()
                .forEach(pool ->
                        camel.getExecutorServiceManager().registerThreadPoolProfile(new ThreadPoolProfile(pool)));
    }

    private static ConnectionFactory noBroker() {
        return (ConnectionFactory) Proxy.newProxyInstance(
                ConnectionFactory.class.getClassLoader(),
                new Class<?>[] {ConnectionFactory.class},
                (broker, method, arguments) -> {
                    throw new UnsupportedOperationException("a check connects to no broker");
                });
    }

    /** One stage of loading a file. */
    private interface Loading {
        void of(Path file) throws Exception;
    }

    /** Loads files as Camel does, and returns the failures by file. After a failure, the routes are incomplete. */
    Map<Path, Throwable> load(Path folder, List<Path> files) {
        Map<Path, RoutesBuilder> builders = new HashMap<>();
        List<Loading> stages = List.of(
                file -> builders.put(file, builder(folder.resolve(file).toAbsolutePath())),
                file -> camel.addRoutesConfigurations((RouteConfigurationsBuilder) builders.get(file)),
                file -> camel.addRoutes(builders.get(file)),
                file -> camel.addTemplatedRoutes(builders.get(file)));
        return stages.stream()
                .map(stage -> failures(files, stage))
                .filter(failures -> !failures.isEmpty())
                .findFirst()
                .orElse(Map.of());
    }

    private static Map<Path, Throwable> failures(List<Path> files, Loading loading) {
        Map<Path, Throwable> failures = new TreeMap<>();
        for (Path file : files) {
            try {
                loading.of(file);
            } catch (Exception | LinkageError e) {
                failures.put(file, e);
            }
        }
        return failures;
    }

    private RoutesBuilder builder(Path file) throws Exception {
        Resource resource = PluginHelper.getResourceLoader(camel).resolveResource("file:" + file);
        return PluginHelper.getRoutesLoader(camel).findRoutesBuilders(resource).stream()
                .findFirst()
                .orElseThrow(
                        () -> new IOException("no route loader for this file name: rename the file to ….camel.yaml"));
    }

    /** Makes all routes except some, and returns the failure of the first that Camel rejects. */
    Optional<Throwable> make(Set<String> without) {
        try {
            for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
                if (without.contains(route.getRouteId())) {
                    camel.removeRouteDefinition(route);
                }
            }
            camel.init();
            return Optional.empty();
        } catch (Exception | LinkageError e) {
            return Optional.of(e);
        }
    }

    /** The step of a route at which making it failed. */
    Optional<ProcessorDefinition<?>> step(String route) {
        return Optional.ofNullable(camel.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(route))
                .flatMap(known ->
                        ProcessorDefinitionHelper.filterTypeInOutputs(known.getOutputs(), ProcessorDefinition.class)
                                .stream()
                                .<ProcessorDefinition<?>>map(step -> step)
                                .filter(step ->
                                        steps.last().filter(id(step)::equals).isPresent())
                                .findFirst());
    }

    private static String id(ProcessorDefinition<?> step) {
        return Objects.requireNonNullElse(step.getNodePrefixId(), "") + step.getId();
    }

    /** Stops its threads only: some other parts fail when they are stopped without having been started. */
    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(camel.getExecutorServiceManager());
    }
}
