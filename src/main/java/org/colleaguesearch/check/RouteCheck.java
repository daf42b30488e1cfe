package org.colleaguesearch.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Unreadable;
import org.springframework.core.env.Environment;

/** Says all that is wrong with route files. Starts nothing, writes nothing, and is safe for any thread. */
public final class RouteCheck {
    private final RouteFolder files;
    private final KnownSettings settings;

    private RouteCheck(Environment settings) {
        this.files = RouteFolder.of(settings);
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
        if (all.isEmpty()) {
            return List.of(new Problem(files.home(), 1, 1, "there are no route files here: start it where routes/ is"));
        }
        List<Problem> problems = new ArrayList<>();
        Routes routes = read(folder, all, problems);
        rules(folder).flatMap(rule -> rule.problems(routes)).forEach(problems::add);
        if (problems.isEmpty()) {
            problems.addAll(new Trial(folder, all, settings, routes).problems());
        }
        return Problem.onePerPlace(problems.stream().map(this::withoutSecrets).toList());
    }

    private Problem withoutSecrets(Problem problem) {
        return new Problem(problem.file(), problem.line(), problem.column(), settings.withoutSecrets(problem.text()));
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
                read.stream().flatMap(file -> file.declarations().stream()).toList(),
                read.stream().flatMap(RouteFile::beans).toList(),
                problems.isEmpty());
    }

    /** What Camel has against a route of files that were checked, if a failure is about one. */
    public Optional<Problem> problem(Path folder, Throwable failure) {
        return Refusal.of(failure)
                .flatMap(refusal -> read(folder, files(folder), new ArrayList<>())
                        .place(refusal.route())
                        .map(place -> withoutSecrets(place.problem(refusal.text()))));
    }

    /** The names of the indexers, or nothing where that cannot be known, since files are broken. */
    public Optional<Set<String>> indexers(Path folder) {
        Routes routes = read(folder, files(folder), new ArrayList<>());
        return routes.isWhole() ? Optional.of(Indexers.names(routes)) : Optional.empty();
    }

    /** The same, of these files only, which are relative to the folder. What they refer to may be in any. */
    public List<Problem> check(Path folder, List<Path> only) {
        return check(folder).stream()
                .filter(problem -> only.contains(problem.file()))
                .toList();
    }

    private Stream<Rule> rules(Path folder) {
        return Stream.of(
                new FileNames(files.misnamed(folder)),
                new Names(),
                new Placeholders(settings),
                new PoolNames(settings),
                new Configurations(),
                new Templates(),
                new Indexers(),
                new IndexerParameters(settings),
                new Aggregates(),
                new BeanReferences(),
                new Classes(),
                new Endpoints(settings),
                new Languages(),
                new Expressions(folder),
                new DirectEndpoints(),
                new RestOperations(folder));
    }
}
