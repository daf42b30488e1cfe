package org.colleaguesearch.tooling.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesParser;
import org.apache.camel.main.DefaultConfigurationConfigurer;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spring.SpringCamelContext;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.tooling.check.FolderResourceLoader;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Creates generations of routes. Each has its own thread pools, components and connections, configured like those of
 * the application's Camel context, and shares the application's beans. Stateless.
 */
@Component
class Generations {
    private static final String DOOR = "rest.camel.yaml";

    private final ApplicationContext beans;
    private final CamelContext first;
    private final CamelConfigurationProperties settings;
    private final PropertiesParser placeholders;
    private final Pools pools;
    private final List<CamelContextConfiguration> configurations;

    Generations(
            ApplicationContext beans,
            CamelContext first,
            CamelConfigurationProperties settings,
            PropertiesParser placeholders,
            Pools pools,
            List<CamelContextConfiguration> configurations) {
        this.beans = beans;
        this.first = first;
        this.settings = settings;
        this.placeholders = placeholders;
        this.pools = pools;
        this.configurations = configurations;
    }

    /**
     * Creates a generation whose routes are started, except for its triggers.
     *
     * @param edition of the files
     * @param folder contains the files
     * @param files the route files, relative to {@code folder}
     * @throws Exception when Camel rejects them; the generation's context is then stopped
     */
    Generation make(int number, String edition, Path folder, Collection<Path> files) throws Exception {
        SpringCamelContext camel = new SpringCamelContext(beans);
        try {
            camel.build();
            PropertiesComponent properties = new PropertiesComponent();
            properties.setCamelContext(camel);
            properties.setPropertiesParser(placeholders);
            camel.setPropertiesComponent(properties);
            DefaultConfigurationConfigurer.configure(camel, settings.getMain());
            // The configurer has set the name of the first context.
            camel.getCamelContextExtension().setName(first.getName() + "-" + number);
            DefaultConfigurationConfigurer.afterConfigure(camel);
            DefaultConfigurationConfigurer.afterPropertiesSet(camel);
            camel.getGlobalOptions().put(CurrentRoutes.EDITION, edition);
            addPools(camel);
            ResourceLoader loader = new FolderResourceLoader(folder, camel);
            camel.getCamelContextExtension().addContextPlugin(ResourceLoader.class, loader);
            List<Resource> resources = new ArrayList<>();
            for (Path file : files) {
                if (!isDoor(file)) {
                    resources.add(loader.resolveResource("file:" + file));
                }
            }
            PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
            Set<String> held = Triggers.hold(camel);
            for (CamelContextConfiguration configuration : configurations) {
                configuration.beforeApplicationStart(camel);
            }
            camel.start();
            for (CamelContextConfiguration configuration : configurations) {
                configuration.afterApplicationStart(camel);
            }
            return new Generation(camel, held, folder);
        } catch (Exception | LinkageError e) {
            camel.stop();
            throw e;
        }
    }

    /** Whether this is the file of the REST routes, which is read only when the application starts. */
    static boolean isDoor(Path file) {
        return file.endsWith(DOOR);
    }

    private void addPools(CamelContext camel) {
        ExecutorServiceManager threads = first.getExecutorServiceManager();
        for (String pool : pools.config().keySet()) {
            camel.getExecutorServiceManager()
                    .registerThreadPoolProfile(
                            threads.getThreadPoolProfile(pool).clone());
        }
    }
}
