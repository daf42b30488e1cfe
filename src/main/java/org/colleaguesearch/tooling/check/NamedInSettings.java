package org.colleaguesearch.tooling.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
import org.springframework.boot.io.ApplicationResourceLoader;

/** Files, folders and indexers that settings name exist. Settings that are not used are not checked. */
record NamedInSettings(Settings settings, GivenSettings given) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]+)}");

    List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        if (settings.deliverTo().contains(Settings.Target.OPENSEARCH)) {
            read(
                    "colleagues.opensearch.mapping",
                    problems,
                    () -> IndexDefinition.read(settings.opensearch().mapping()));
        }
        apis(problems);
        database(problems);
        unresolved(problems);
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
            } else if (bundle != null) {
                files(bundle, problems);
            }
        });
        Map<String, String> used = new LinkedHashMap<>();
        // Exports use the API of the people list, unless another one is set.
        used.put(settings.export().api(), "colleagues.export.api");
        if (settings.people().csv() == null && settings.people().sql() == null) {
            used.put(settings.people().api(), "colleagues.people.api");
        }
        used.forEach((name, key) -> {
            boolean isDemo = settings.usesDemo() && name.equals(Settings.DEFAULT_API);
            if (!isDemo
                    && (!settings.apis().containsKey(name)
                            || settings.apis().get(name).baseUrl() == null)) {
                problems.add(given.problem(
                        key,
                        key + " is " + name + ", but colleagues.apis." + name + ".base-url is not set",
                        Nearest.remedy(name, withAddress())));
            }
        });
    }

    private void database(List<SettingProblem> problems) {
        String database = settings.people().database();
        if (database != null && !settings.databases().containsKey(database)) {
            problems.add(given.problem(
                    "colleagues.people.database",
                    "colleagues.people.database is " + database + ", but colleagues.databases." + database
                            + ".url is not set",
                    Nearest.remedy(database, settings.databases().keySet())));
        }
        Path csv = settings.people().csv();
        if (csv != null && !Files.isReadable(csv)) {
            problems.add(given.problem(
                    "colleagues.people.csv", "colleagues.people.csv: the file " + csv + " cannot be read", ""));
        }
    }

    private Set<String> withAddress() {
        return settings.apis().entrySet().stream()
                .filter(api -> api.getValue().baseUrl() != null || settings.usesDemo())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Spring reads the files of a bundle only when it is used. */
    private void files(String bundle, List<SettingProblem> problems) {
        for (String file : List.of("keystore.certificate", "keystore.private-key", "truststore.certificate")) {
            String key = "spring.ssl.bundle.pem." + bundle + "." + file;
            String value = given.environment().getProperty(key, "");
            if (!value.isEmpty() && !value.contains("-----BEGIN") && !isReadable(value)) {
                problems.add(given.problem(key, key + ": the file " + value + " cannot be read", ""));
            }
        }
    }

    private static boolean isReadable(String location) {
        return ApplicationResourceLoader.get().getResource(location).isReadable();
    }

    /** Spring leaves the placeholder of a variable that is not set as it is: the API would get it as the password. */
    private void unresolved(List<SettingProblem> problems) {
        given.written()
                .filter(setting -> setting.getName().toString().matches("colleagues\\.(apis|databases)\\..*"))
                .forEach(setting -> {
                    String key = setting.getName().toString();
                    Matcher variable = VARIABLE.matcher(String.valueOf(setting.getValue()));
                    if (variable.find() && !given.environment().containsProperty(variable.group(1))) {
                        problems.add(
                                given.problem(key, key + " refers to " + variable.group(1) + ", which is not set", ""));
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
