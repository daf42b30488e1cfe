package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.springframework.core.env.Environment;

/** Says all that is wrong with route files. Starts nothing, writes nothing, and is safe for any thread. */
public final class RouteCheck {
    private final RoutePattern files;
    private final KnownSettings settings;

    private RouteCheck(Environment settings) {
        this.files = RoutePattern.of(settings);
        this.settings = new KnownSettings(settings);
    }

    /** With the settings that the application would start with. */
    public static RouteCheck of(Environment settings) {
        return new RouteCheck(settings);
    }

    /** The route files below a folder, relative to it, in order. */
    public List<Path> files(Path folder) {
        return files.in(folder);
    }

    /**
     * What is wrong, by file and line.
     *
     * @param folder that has {@code routes/}
     */
    public List<Problem> check(Path folder) {
        List<Path> all = files(folder);
        return all.isEmpty()
                ? List.of(new Problem(files.home(), 1, 1, "there are no route files here: start it where routes/ is"))
                : find(folder, all, all).problems();
    }

    /**
     * The same, of these files only, which are relative to the folder. What they refer to may be in any, so that others
     * can keep a check of these from its end.
     */
    public CheckResult check(Path folder, List<Path> only) {
        Findings found = find(folder, files(folder), only);
        return new CheckResult(found.of(only), only.size(), found.isComplete() ? List.of() : found.ofOthers(only));
    }

    /** Camel is asked when no rule has anything against the files in question: what it says then is new. */
    private Findings find(Path folder, List<Path> all, List<Path> asked) {
        List<Problem> problems = new ArrayList<>();
        Routes routes = read(folder, all, problems);
        rules(folder).flatMap(rule -> rule.problems(routes)).forEach(problems::add);
        boolean isComplete = false;
        if (routes.isWhole() && new Findings(problems, routes, false).of(asked).isEmpty()) {
            Trial trial = new Trial(folder, all, settings, routes);
            problems.addAll(trial.problems());
            isComplete = trial.isComplete();
        }
        return new Findings(Problem.onePerPlace(said(problems, folder)), routes, isComplete);
    }

    private List<Problem> said(List<Problem> problems, Path folder) {
        return problems.stream().map(problem -> said(problem, folder)).toList();
    }

    /** Without secrets, and without the path of a folder that may be a copy. */
    private Problem said(Problem problem, Path folder) {
        return new Problem(
                problem.file(),
                problem.line(),
                problem.column(),
                settings.withoutSecrets(problem.text().replace(folder.toAbsolutePath() + "/", "")));
    }

    private static Routes read(Path folder, List<Path> files, List<Problem> problems) {
        List<RouteFile> read = new ArrayList<>();
        for (Path file : files) {
            try {
                read.add(RouteFile.read(folder, file));
            } catch (Unreadable e) {
                problems.add(e.problem());
            }
        }
        read.forEach(file -> problems.addAll(file.problems()));
        return new Routes(
                read.stream().flatMap(file -> file.declarations().stream()).toList(), problems.isEmpty());
    }

    /** What Camel has against a route of files that were checked, if a failure is about one. */
    public Optional<Problem> problem(Path folder, Throwable failure) {
        return CamelRefusal.of(failure)
                .flatMap(refusal ->
                        read(folder, files(folder), new ArrayList<>()).place(refusal.route()))
                .map(place -> said(place.problem(CamelRefusal.text(failure)), folder));
    }

    /** Whether all that is wrong is that there is no indexer. */
    public static boolean isOfNoIndexer(Problem problem) {
        return problem.text().equals(IndexerRules.NONE);
    }

    /** The names of the indexers, or nothing where that cannot be known, since files are broken. */
    public Optional<Set<String>> indexers(Path folder) {
        Routes routes = read(folder, files(folder), new ArrayList<>());
        return routes.isWhole() ? Optional.of(IndexerRules.names(routes)) : Optional.empty();
    }

    private Stream<Rule> rules(Path folder) {
        return Stream.of(
                new FileNames(files.misnamed(folder)),
                new IdRules(),
                new Configurations(),
                new Templates(),
                new IndexerRules(),
                new IndexerParameters(settings),
                new Aggregates(),
                new CsvFormats(),
                new BeanNames(),
                new BeanCalls(),
                new Numbers(),
                new LateExpressions(),
                new Endpoints(settings),
                new EndpointFiles(folder),
                new JqPrograms(folder),
                new Placeholders(settings),
                new DirectEndpoints(),
                new Entrances());
    }
}
