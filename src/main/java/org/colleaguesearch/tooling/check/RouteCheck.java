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

/** Finds all problems of route files. Starts nothing and writes nothing. Thread-safe. */
public final class RouteCheck {
    private final RoutePattern files;
    private final KnownSettings settings;

    private RouteCheck(Environment settings) {
        this.files = RoutePattern.of(settings);
        this.settings = new KnownSettings(settings);
    }

    /** A check with the settings that the application would start with. */
    public static RouteCheck of(Environment settings) {
        return new RouteCheck(settings);
    }

    /** The route files below a folder, relative to it, sorted in each of the folders. */
    public List<Path> files(Path folder) {
        return files.in(folder);
    }

    /** The tests of routes below a folder, relative to it. */
    public List<Path> tests(Path folder) {
        return files.tests(folder);
    }

    /**
     * Returns all problems, sorted by file and line.
     *
     * @param folder that contains {@code routes/}
     */
    public List<Problem> check(Path folder) {
        List<Path> all = files(folder);
        return all.isEmpty()
                ? List.of(new Problem(files.home(), 1, 1, "no route files here: start in the folder with routes/"))
                : find(folder, all, all).problems();
    }

    /**
     * Returns the problems of these files only, which are relative to the folder. They can refer to any other file, so
     * problems elsewhere can keep this check from completing.
     */
    public CheckResult check(Path folder, List<Path> only) {
        Findings found = find(folder, files(folder), only);
        return new CheckResult(found.of(only), only.size(), found.isComplete() ? List.of() : found.ofOthers(only));
    }

    /** Camel builds the routes only when no rule finds a problem in the requested files, so that it repeats none. */
    private Findings find(Path folder, List<Path> all, List<Path> asked) {
        List<Problem> problems = new ArrayList<>();
        Routes routes = read(folder, all, problems);
        rules(folder).flatMap(rule -> rule.problems(routes)).forEach(problems::add);
        boolean isComplete = false;
        if (routes.isWhole() && new Findings(problems, routes, false).of(asked).isEmpty()) {
            CamelBuild trial = new CamelBuild(folder, all, settings, routes);
            problems.addAll(trial.problems());
            isComplete = trial.isComplete();
        }
        return new Findings(Problem.onePerPlace(masked(problems, folder)), routes, isComplete);
    }

    private List<Problem> masked(List<Problem> problems, Path folder) {
        return problems.stream().map(problem -> masked(problem, folder)).toList();
    }

    /** Removes secrets, and the path of the folder, which may be a copy. */
    private Problem masked(Problem problem, Path folder) {
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

    /** The problem that made Camel reject a route after a successful check, if the failure concerns a route. */
    public Optional<Problem> problem(Path folder, Throwable failure) {
        return CamelRejection.of(failure)
                .flatMap(refusal ->
                        read(folder, files(folder), new ArrayList<>()).place(refusal.route()))
                .map(place -> masked(place.problem(CamelRejection.text(failure)), folder));
    }

    /** Whether the problem is that no indexer exists. */
    public static boolean isOfNoIndexer(Problem problem) {
        return problem.text().equals(IndexerRules.NONE);
    }

    /** The names of the indexers; empty if they cannot be determined because files are broken. */
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
                new SearchParameters(settings),
                new Aggregates(),
                new CsvFormats(),
                new BeanNames(),
                new BeanCalls(),
                new Numbers(),
                new RuntimeExpressions(),
                new Endpoints(settings),
                new EndpointFiles(folder),
                new JqPrograms(folder),
                new Placeholders(settings),
                new DirectEndpoints(),
                new HttpConsumers());
    }
}
