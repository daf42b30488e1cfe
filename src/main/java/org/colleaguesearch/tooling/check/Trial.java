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
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * Lets Camel itself make the routes, and says what it has against them: the last of the rules, for what no other knows. For
 * one thread.
 */
final class Trial {
    /** Each takes some 0.1 s, once the first has loaded the classes. */
    private static final int MOST = 10;

    private final Path folder;
    private final List<Path> files;
    private final KnownSettings settings;
    private final Routes routes;
    private final Set<String> refused = new HashSet<>();
    private boolean isComplete;

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

    /** Says it first, since a problem's text is cut where it is long. */
    private static Problem unfinished(Problem last) {
        return new Problem(
                last.file(),
                last.line(),
                last.column(),
                "Camel stopped here, fix this and check again: " + last.text());
    }

    /** Whether Camel has come to the end of all files. */
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
        return CamelRefusal.of(failure)
                .flatMap(refusal -> routes.place(refusal.route()))
                .or(() -> quotation.place(declared.stream().flatMap(Declaration::fields)))
                .or(() -> quotation.declaration(declared.stream()))
                .orElse(new Place(file, 1, 1))
                .problem(CamelRefusal.text(failure));
    }

    /** At what is quoted of the step, else of the route or what it is made of; else at the step, or the route's begin. */
    private Problem ofRoute(Throwable failure, UnstartedCamel camel) {
        Optional<String> route = CamelRefusal.of(failure).map(CamelRefusal::route);
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
                .problem(CamelRefusal.text(failure) + madeOf);
    }

    /** Several steps of a name can stand in a line: then the one of its id, else the first. */
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

    /** As Camel counts: the line before what a step has, which is one too low where that is written beside its name. */
    private static int lineOf(Declaration.Field step) {
        return step.value() instanceof Yaml.Keys keys
                ? keys.place().line() - 1
                : step.key().place().line();
    }
}
