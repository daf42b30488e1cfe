package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each templated route gives its template the parameters that it takes, each once. Camel ignores others. */
final class Templates implements Rule {
    private static final String REF = "routeTemplateRef";

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Declaration> templates = routes.of(Declaration.TEMPLATE)
                .filter(template -> template.text("id").isPresent())
                .collect(Collectors.toMap(
                        template -> template.text("id").orElseThrow().text(),
                        Function.identity(),
                        (first, second) -> first));
        return routes.of(Declaration.TEMPLATED)
                .filter(made -> made.text(REF).isPresent())
                .filter(made ->
                        templates.containsKey(made.text(REF).orElseThrow().text()))
                .flatMap(made -> parameters(
                        made, templates.get(made.text(REF).orElseThrow().text()))
                        .stream());
    }

    private static List<Problem> parameters(Declaration made, Declaration template) {
        List<Problem> problems = new ArrayList<>();
        Set<String> given = new HashSet<>();
        Set<String> known = names(template);
        for (Yaml.Keys parameter : made.value().items("parameters")) {
            parameter.text("name").ifPresent(name -> {
                if (!known.contains(name.text())) {
                    problems.add(name.place()
                            .problem("the template " + id(template) + " has no parameter " + name.text()
                                    + Nearest.remedy(name.text(), known)));
                } else if (!given.add(name.text())) {
                    problems.add(name.place().problem("the parameter " + name.text() + " is given twice: remove one"));
                }
            });
        }
        List<Yaml.Keys> required = template.value().items("parameters").stream()
                .filter(Templates::isRequired)
                .filter(parameter -> parameter
                        .text("name")
                        .filter(name -> !given.contains(name.text()))
                        .isPresent())
                .toList();
        List<String> missing = required.stream()
                .map(parameter -> parameter.text("name").orElseThrow().text() + says(parameter))
                .toList();
        if (!missing.isEmpty()) {
            problems.add(made.place()
                    .problem(made.name() + " gives its template " + id(template) + " no parameter "
                            + String.join(", nor ", missing) + ": add " + (missing.size() == 1 ? "it" : "them")
                            + ", or a defaultValue at "
                            + required.getFirst().text("name").orElseThrow().place()));
        }
        return problems;
    }

    private static String says(Yaml.Keys parameter) {
        return parameter
                .text("description")
                .map(description -> " (" + description.text() + ")")
                .orElse("");
    }

    private static boolean isRequired(Yaml.Keys parameter) {
        return parameter.value("defaultValue").isEmpty()
                && !parameter.text("required").map(Yaml.Text::text).orElse("").equals("false");
    }

    private static String id(Declaration template) {
        return template.text("id").map(Yaml.Text::text).orElse("");
    }

    /** The names of a template's parameters. */
    static Set<String> names(Declaration template) {
        return template.value().items("parameters").stream()
                .flatMap(parameter -> parameter.text("name").stream())
                .map(Yaml.Text::text)
                .collect(Collectors.toSet());
    }
}
