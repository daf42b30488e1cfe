package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.colleaguesearch.delivery.IndexDefinition;
import org.colleaguesearch.demo.PeopleFile;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.GivenSettings;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.settings.Settings;

/** Files and indexers that settings name exist. Settings that are not used are not checked. */
record NamedInSettings(Settings settings, GivenSettings given) {
    List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        if (settings.deliverTo().contains(Settings.Target.OPENSEARCH)) {
            read(
                    "colleagues.opensearch.mapping",
                    problems,
                    () -> IndexDefinition.read(settings.opensearch().mapping()));
        }
        if (settings.api().baseUrl() == null) {
            read(
                    "colleagues.demo.people",
                    problems,
                    () -> PeopleFile.check(settings.demo().people()));
        }
        // Finding the indexers takes reading all route files.
        if (!settings.indexing().only().isEmpty()) {
            RouteCheck.of(given.environment()).indexers(Path.of("")).ifPresent(names -> indexers(names, problems));
        }
        return problems;
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
                                + "' under routes/indexers/" + Nearest.remedy(name, names),
                        ""))
                .forEach(problems::add);
    }
}
