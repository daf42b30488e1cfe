package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * The declarations of all route files. Immutable.
 *
 * @param isWhole whether all files could be parsed, so that a missing declaration does not exist
 */
record Routes(List<Declaration> declarations, boolean isWhole) {
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{([\\w.-]+)}}");

    /** Whether all routes are known: all files were understood, and every template that is used is declared. */
    boolean hasAllRoutes() {
        Set<String> templates = of(Declaration.TEMPLATE)
                .flatMap(template -> template.id().stream())
                .collect(Collectors.toSet());
        return isWhole
                && of(Declaration.TEMPLATED)
                        .flatMap(made -> made.text("routeTemplateRef").stream())
                        .allMatch(ref -> templates.contains(ref.text()));
    }

    Stream<Declaration> of(String kind) {
        return declarations.stream().filter(declaration -> declaration.is(kind));
    }

    Stream<Declaration.Field> fields() {
        return declarations.stream().flatMap(Declaration::fields);
    }

    /** The place of the declaration with an id. */
    Optional<Place> place(String id) {
        return declarations.stream()
                .filter(declaration -> declaration.id().filter(id::equals).isPresent())
                .map(Declaration::place)
                .findFirst();
    }

    /** The names of the beans declared under {@code beans:}. */
    Set<String> beans() {
        return of(Declaration.BEANS)
                .flatMap(bean -> bean.text("name").stream())
                .map(Yaml.Text::text)
                .collect(Collectors.toSet());
    }

    /** The route files that name another file, such as {@code file:routes/a.jq}. A longer name does not match. */
    Stream<Path> naming(Path file) {
        Pattern name = Pattern.compile("file:" + Pattern.quote(file.toString()) + "(?![\\w./-])");
        return fields().filter(field -> field.value() instanceof Yaml.Text text
                        && name.matcher(text.text()).find())
                .map(field -> field.key().place().file());
    }

    /** The routes made from a template. The application itself makes two more for each indexer. */
    Stream<Declaration> madeOf(Declaration template) {
        String id = template.text("id").map(Yaml.Text::text).orElse("");
        if (id.equals("fetch-section")) {
            return IndexerRules.indexers(this);
        }
        String ref = id.equals("run-indexer") ? "index-chunk" : id;
        return of(Declaration.TEMPLATED)
                .filter(made -> made.text("routeTemplateRef")
                        .map(Yaml.Text::text)
                        .orElse("")
                        .equals(ref));
    }

    /**
     * The problems that a rule finds in a text of a declaration. A text of a template is checked as filled in for each
     * route. Its problems are placed at the argument, or at the template if all of several routes have them.
     */
    Stream<Problem> problems(Declaration in, Yaml.Text text, Function<Yaml.Text, Stream<Problem>> rule) {
        List<Yaml.Text> filled = filled(in, text).toList();
        List<List<Problem>> found =
                filled.stream().map(one -> rule.apply(one).toList()).toList();
        boolean isOfTemplate = filled.size() > 1
                && !PARAMETER.matcher(text.text()).matches()
                && found.stream().noneMatch(List::isEmpty);
        return isOfTemplate
                ? found.get(0).stream()
                        .map(problem -> text.place()
                                .problem(problem.text() + " (as filled in "
                                        + filled.get(0).place() + ")"))
                : found.stream().flatMap(List::stream);
    }

    /**
     * A text of a declaration. A text of a template is returned once for each route made from it, with the parameters
     * filled in, at the place of the argument.
     */
    Stream<Yaml.Text> filled(Declaration in, Yaml.Text text) {
        if (!in.is(Declaration.TEMPLATE) || !PARAMETER.matcher(text.text()).find()) {
            return Stream.of(text);
        }
        return madeOf(in).map(made -> fill(text, arguments(in, made)));
    }

    /** The values of a template's parameters for a route made from it. */
    private static Map<String, Yaml.Text> arguments(Declaration template, Declaration made) {
        Map<String, Yaml.Text> arguments = new HashMap<>();
        template.value().items("parameters").forEach(parameter -> put(arguments, parameter, "defaultValue"));
        made.value().items("parameters").forEach(parameter -> put(arguments, parameter, "value"));
        return arguments;
    }

    private static void put(Map<String, Yaml.Text> arguments, Yaml.Keys parameter, String key) {
        parameter
                .text("name")
                .ifPresent(name -> parameter.text(key).ifPresent(value -> arguments.put(name.text(), value)));
    }

    private static Yaml.Text fill(Yaml.Text text, Map<String, Yaml.Text> arguments) {
        Matcher whole = PARAMETER.matcher(text.text());
        if (whole.matches() && arguments.containsKey(whole.group(1))) {
            return arguments.get(whole.group(1));
        }
        Place place = PARAMETER
                .matcher(text.text())
                .results()
                .map(match -> arguments.get(match.group(1)))
                .filter(argument -> argument != null)
                .map(Yaml.Text::place)
                .findFirst()
                .orElse(text.place());
        String filled = PARAMETER.matcher(text.text()).replaceAll(match -> {
            Yaml.Text argument = arguments.get(match.group(1));
            return Matcher.quoteReplacement(argument == null ? match.group() : argument.text());
        });
        return new Yaml.Text(place, filled, text.isPlain());
    }
}
