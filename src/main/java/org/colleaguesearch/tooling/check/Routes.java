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
 * What all route files declare together. Immutable.
 *
 * @param isWhole whether all files could be understood, so that what is not here is not there
 */
record Routes(List<Declaration> declarations, boolean isWhole) {
    private static final Pattern PARAMETER = Pattern.compile("\\{\\{([\\w.-]+)}}");

    Stream<Declaration> of(String kind) {
        return declarations.stream().filter(declaration -> declaration.is(kind));
    }

    Stream<Declaration.Field> fields() {
        return declarations.stream().flatMap(Declaration::fields);
    }

    /** Where what has this id is declared. */
    Optional<Place> place(String id) {
        return declarations.stream()
                .filter(declaration -> declaration.id().filter(id::equals).isPresent())
                .map(Declaration::place)
                .findFirst();
    }

    /** The names of the beans that files declare themselves, under {@code beans:}. */
    Set<String> beans() {
        return of(Declaration.BEANS)
                .flatMap(bean -> bean.text("name").stream())
                .map(Yaml.Text::text)
                .collect(Collectors.toSet());
    }

    /** The route files that name another file, {@code file:routes/a.jq} say. Not that of a longer name. */
    Stream<Path> naming(Path file) {
        Pattern name = Pattern.compile("file:" + Pattern.quote(file.toString()) + "(?![\\w./-])");
        return fields().filter(field -> field.value() instanceof Yaml.Text text
                        && name.matcher(text.text()).find())
                .map(field -> field.key().place().file());
    }

    /** The routes that are made of a template. */
    Stream<Declaration> madeOf(Declaration template) {
        // The application makes a route of runs for each indexer.
        String id = template.text("id").map(Yaml.Text::text).orElse("").replace("run-indexer", "index-chunk");
        return of(Declaration.TEMPLATED)
                .filter(made -> made.text("routeTemplateRef")
                        .map(Yaml.Text::text)
                        .orElse("")
                        .equals(id));
    }

    /**
     * What a rule has against a text of a declaration. Of a template: against what it is filled to for each route, where
     * that is given; what is wrong for all of several is the template's.
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
     * A text of a declaration. Of a template: once for each route made of it, with the parameters filled in; what was
     * filled in stands where it is given.
     */
    Stream<Yaml.Text> filled(Declaration in, Yaml.Text text) {
        if (!in.is(Declaration.TEMPLATE) || !PARAMETER.matcher(text.text()).find()) {
            return Stream.of(text);
        }
        return madeOf(in).map(made -> fill(text, arguments(in, made)));
    }

    /** What a template's parameters are for a route made of it. */
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
