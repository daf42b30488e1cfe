package org.colleaguesearch.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.LineNumberAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.PluginHelper;
import org.colleaguesearch.yaml.Place;
import org.colleaguesearch.yaml.Problem;

/**
 * Lets Camel itself make the routes, and says what it has against them: the last of the rules, for what no other knows.
 *
 * <p>They are made in a context of its own that is never started, so that nothing begins, no port is opened and no file is
 * touched; beans are {@link StandIns}. For one thread.
 */
final class Trial {
    /** Each takes some 0.1 s, once the first has loaded the classes. */
    private static final int MOST = 10;

    private final Path folder;
    private final List<Path> files;
    private final KnownSettings settings;
    private final Routes routes;
    private final Set<String> refused = new HashSet<>();

    Trial(Path folder, List<Path> files, KnownSettings settings, Routes routes) {
        this.folder = folder;
        this.files = files;
        this.settings = settings;
        this.routes = routes;
    }

    /** Camel stops at the first route that it refuses, so that it is asked again for the others, without it. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        while (problems.size() == refused.size() && problems.size() < MOST) {
            Optional<Problem> next = next();
            if (next.isEmpty()) {
                break;
            }
            problems.add(next.get());
        }
        return problems;
    }

    private Optional<Problem> next() {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            setUp(camel);
            try {
                load(camel);
                camel.init();
                return Optional.empty();
            } catch (Exception | LinkageError e) {
                return Optional.of(problem(e, camel.getCamelContextExtension().getContextPlugin(Model.class)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a Camel context does not close", e);
        }
    }

    private void setUp(DefaultCamelContext camel) {
        camel.disableJMX();
        camel.getCamelContextExtension().addContextPlugin(ResourceLoader.class, new FolderResources(folder, camel));
        camel.setSourceLocationEnabled(true);
        camel.getPropertiesComponent().addPropertiesSource(new PropertiesSource() {
            @Override
            public String getName() {
                return "settings";
            }

            @Override
            public String getProperty(String key) {
                return settings.value(key);
            }
        });
        StandIns.all().forEach(camel.getRegistry()::bind);
        settings.pools()
                .forEach(pool ->
                        camel.getExecutorServiceManager().registerThreadPoolProfile(new ThreadPoolProfile(pool)));
    }

    private void load(DefaultCamelContext camel) throws Exception {
        List<Resource> resources = new ArrayList<>();
        for (Path file : files) {
            resources.add(PluginHelper.getResourceLoader(camel)
                    .resolveResource("file:" + folder.resolve(file).toAbsolutePath()));
        }
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
        for (RouteDefinition route : List.copyOf(camel.getRouteDefinitions())) {
            if (refused.contains(route.getRouteId())) {
                camel.removeRouteDefinition(route);
            }
        }
    }

    private Problem problem(Throwable failure, Model model) {
        Place anywhere = new Place(files.get(0), 1, 1);
        Optional<Refusal> refusal = Refusal.of(failure);
        if (refusal.isEmpty()) {
            return anywhere.problem("Camel refuses the files: " + Refusal.why(failure));
        }
        Refusal known = refusal.get();
        refused.add(known.route());
        return step(known, model)
                .or(() -> routes.place(known.route()))
                .orElse(anywhere)
                .problem(known.text());
    }

    private Optional<Place> step(Refusal refusal, Model model) {
        return Optional.ofNullable(model.getRouteDefinition(refusal.route())).stream()
                .flatMap(route -> route.getOutputs().stream())
                .filter(output -> refusal.message().contains(">>> " + output + " <<<"))
                .flatMap(output -> place(output).stream())
                .findFirst();
    }

    private Optional<Place> place(LineNumberAware step) {
        return routes.fields()
                .map(field -> field.key().place())
                .filter(place -> place.line() == step.getLineNumber()
                        && step.getLocation() != null
                        && step.getLocation().endsWith("/" + place.file()))
                .findFirst();
    }
}
