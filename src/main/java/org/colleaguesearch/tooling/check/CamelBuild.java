package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.model.ProcessorDefinition;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * Lets Camel make the routes, and reports what it rejects. Runs after all rules, to find what they do not cover.
 * For one thread.
 */
final class CamelBuild {
    /** Maximum refusals. Each takes about 0.1 s after the first, which loads the classes. */
    private static final int MOST = 10;

    private final Path folder;
    private final List<Path> files;
    private final KnownSettings settings;
    private final Routes routes;
    private final Set<String> refused = new HashSet<>();
    private boolean isComplete;

    CamelBuild(Path folder, List<Path> files, KnownSettings settings, Routes routes) {
        this.folder = folder;
        this.files = files;
        this.settings = settings;
        this.routes = routes;
    }

    /** Camel stops at the first route that it rejects, so this retries without that route. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        while (problems.size() == refused.size() && problems.size() < MOST) {
            List<Problem> next = next();
            if (next.isEmpty()) {
                isComplete = true;
                return problems;
            }
            problems.addAll(next);
        }
        List<Problem> shown = new ArrayList<>(Problem.onePerPlace(problems));
        shown.add(unfinished(shown.removeLast()));
        return shown;
    }

    /** Puts the note first, because long texts are truncated. */
    private static Problem unfinished(Problem last) {
        return new Problem(
                last.file(),
                last.line(),
                last.column(),
                "Camel stopped here; fix this and check again: " + last.text());
    }

    /** Whether Camel has read all files to the end. */
    boolean isComplete() {
        return isComplete;
    }

    private List<Problem> next() {
        try (UnstartedCamel camel = new UnstartedCamel(folder, settings)) {
            Map<Path, Throwable> failures = camel.load(folder, files);
            if (!failures.isEmpty()) {
                List<Problem> problems = new ArrayList<>();
                failures.forEach((file, failure) -> problems.add(ofFile(file, failure)));
                return problems;
            }
            return camel.make(refused).map(failure -> ofRoute(failure, camel)).stream()
                    .toList();
        }
    }

    private Problem ofFile(Path file, Throwable failure) {
        List<Declaration> declared = routes.declarations().stream()
                .filter(declaration -> declaration.place().file().equals(file))
                .toList();
        Quotation quotation = new Quotation(failure);
        return CamelRejection.of(failure)
                .flatMap(refusal -> routes.place(refusal.route()))
                .or(() -> quotation.place(declared.stream().flatMap(Declaration::fields)))
                .or(() -> quotation.declaration(declared.stream()))
                .orElse(new Place(file, 1, 1))
                .problem(CamelRejection.text(failure));
    }

    /** At the quoted text of the step, route or template; failing that, at the step or the start of the route. */
    private Problem ofRoute(Throwable failure, UnstartedCamel camel) {
        Optional<String> route = CamelRejection.of(failure).map(CamelRejection::route);
        route.ifPresent(refused::add);
        Optional<Declaration.Field> step = route.flatMap(camel::step).flatMap(this::field);
        List<Declaration> declared = routes.declarations().stream()
                .filter(declaration -> route.isPresent() && declaration.id().equals(route))
                .toList();
        Stream<Declaration.Field> around = declared.stream()
                .filter(declaration -> step.isEmpty() || declaration.is(Declaration.TEMPLATED))
                .flatMap(Declaration::fields)
                .filter(field -> !field.isNamed("id"));
        Quotation quotation = new Quotation(failure);
        String madeOf = step.filter(field -> field.in().is(Declaration.TEMPLATE))
                .map(field -> " (in the route " + route.orElseThrow() + ")")
                .orElse("");
        return quotation
                .place(Stream.concat(step.stream().flatMap(field -> field.in().fields(field)), around))
                .or(() -> missingClass(failure, quotation))
                .or(() -> step.map(field -> field.key().place()))
                .or(() -> declared.stream()
                        .findFirst()
                        .map(declaration -> declaration
                                .from()
                                .flatMap(from -> from.text("uri"))
                                .map(Yaml.Text::place)
                                .orElse(declaration.place())))
                .or(() -> quotation.place(routes.fields()))
                .orElse(new Place(files.get(0), 1, 1))
                .problem(CamelRejection.text(failure) + madeOf);
    }

    /** Camel loads the exception classes of a routeConfiguration with the first route that uses it. */
    private Optional<Place> missingClass(Throwable failure, Quotation quotation) {
        return Causes.of(failure).anyMatch(ClassNotFoundException.class::isInstance)
                ? quotation.place(routes.of(Declaration.CONFIGURATION).flatMap(Declaration::fields))
                : Optional.empty();
    }

    /** If a line has several steps with the same name, the one with the step's id, otherwise the first. */
    private Optional<Declaration.Field> field(ProcessorDefinition<?> step) {
        return routes.fields()
                .filter(field -> !field.isOption()
                        && field.isNamed(step.getShortName())
                        && lineOf(field) == step.getLineNumber()
                        && step.getLocation() != null
                        && step.getLocation().endsWith("/" + field.key().place().file()))
                .min(Comparator.comparing(field -> !(field.value() instanceof Yaml.Keys keys
                        && keys.text("id").stream().anyMatch(id -> id.text().equals(step.getId())))));
    }

    /** As Camel counts: the line before the step's keys, which is one too low if these are on the line of its name. */
    private static int lineOf(Declaration.Field step) {
        return step.value() instanceof Yaml.Keys keys
                ? keys.place().line() - 1
                : step.key().place().line();
    }
}
