package org.colleaguesearch.tooling.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.colleaguesearch.delivery.IndexDefinition;
import org.colleaguesearch.demo.PeopleFile;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.GivenSettings;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.RouteFolders;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.settings.Settings;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/** Files, folders and indexers that settings name exist. Settings that are not used are not checked. */
record NamedInSettings(Settings settings, GivenSettings given) {
    List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        if (settings.deliverTo().contains(Settings.Target.OPENSEARCH)) {
            read(
                    "colleagues.opensearch.mapping",
                    problems,
                    () -> IndexDefinition.read(settings.opensearch().mapping()));
        }
        apis(problems);
        if (settings.usesDemo()) {
            read(
                    "colleagues.demo.people",
                    problems,
                    () -> PeopleFile.check(settings.demo().people()));
        }
        routes(problems);
        // Finding the indexers takes reading all route files.
        if (!settings.indexing().only().isEmpty()) {
            RouteCheck.of(given.environment()).indexers(Path.of("")).ifPresent(names -> indexers(names, problems));
        }
        return problems;
    }

    private void routes(List<SettingProblem> problems) {
        String key = "colleagues.routes.folders";
        List<Path> folders = settings.routes().folders();
        for (int i = 0; i < folders.size(); i++) {
            Path folder = folders.get(i);
            // Where that item is set; the shipped file has the list as one text.
            String item = key + "[" + i + "]";
            if (!RouteFolders.isInside(folder)) {
                problems.add(given.problem(
                        item,
                        key + " has " + folder,
                        ": expected folders inside the current one, such as " + RouteFolders.SITE));
            } else if (Files.isSymbolicLink(folder)) {
                problems.add(given.problem(
                        item,
                        key + " has " + folder + ", a link, which Camel does not follow",
                        ": link or mount the folder that contains it"));
            } else if (!Files.isDirectory(folder)
                    && !(folder.normalize().equals(RouteFolders.SITE) && Files.notExists(folder))) {
                problems.add(given.problem(
                        item,
                        key + " has " + folder + ", which is no folder",
                        ": create it, or remove it from the list"));
            }
        }
        if (!settings.routes().exclude().isEmpty()) {
            RoutePattern.of(given.environment())
                    .unused(Path.of(""))
                    .forEach(pattern -> problems.add(given.problem(
                            "colleagues.routes.exclude",
                            "colleagues.routes.exclude: no file matches " + pattern,
                            ": expected paths or patterns such as routes/indexers/*.camel.yaml")));
        }
    }

    /** Only the default API may lack a base URL: it is the demo API, or is not used. */
    private void apis(List<SettingProblem> problems) {
        settings.apis().forEach((name, api) -> {
            String key = "colleagues.apis." + name;
            if (api.baseUrl() == null && !name.equals(Settings.DEFAULT_API)) {
                problems.add(given.problem(key, key + ".base-url is not set", ": an API needs its address"));
            }
            String bundle = api.sslBundle();
            if (bundle != null
                    && !isSet("spring.ssl.bundle.pem." + bundle)
                    && !isSet("spring.ssl.bundle.jks." + bundle)) {
                problems.add(given.problem(
                        key + ".ssl-bundle",
                        key + ".ssl-bundle is " + bundle,
                        ": spring.ssl.bundle.pem." + bundle + " is not set"));
            }
        });
        Map<String, String> used = Map.of(
                "colleagues.people.api", settings.people().api(),
                "colleagues.export.api", settings.export().api());
        used.forEach((key, name) -> {
            boolean isDemo = settings.usesDemo() && name.equals(Settings.DEFAULT_API);
            if (!isDemo
                    && (!settings.apis().containsKey(name)
                            || settings.apis().get(name).baseUrl() == null)) {
                problems.add(given.problem(
                        key,
                        key + " is " + name + ", but colleagues.apis." + name + ".base-url is not set",
                        Nearest.remedy(name, settings.apis().keySet())));
            }
        });
    }

    private boolean isSet(String map) {
        return Binder.get(given.environment())
                .bind(map, Bindable.mapOf(String.class, Object.class))
                .isBound();
    }

    private void read(String key, List<SettingProblem> problems, Runnable reading) {
        try {
            reading.run();
        } catch (StartFailure e) {
            problems.add(given.problem(key, e.getMessage(), ""));
        }
    }

    private void indexers(Set<String> names, List<SettingProblem> problems) {
        settings.indexing().only().stream()
                .filter(name -> !names.contains(name))
                .map(name -> given.problem(
                        "colleagues.indexing.only",
                        "colleagues.indexing.only (RUN_SPECIFIC_INDEXERS_ONLY): no indexer '" + name
                                + "' in the route files" + Nearest.remedy(name, names),
                        ""))
                .forEach(problems::add);
    }
}
