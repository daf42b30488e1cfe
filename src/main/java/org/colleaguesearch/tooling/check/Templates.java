package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each templated route sets its template's parameters, each once, and no others, which Camel would ignore. */
final class Templates implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Declaration> templates = new HashMap<>();
        routes.of(Declaration.TEMPLATE).forEach(template -> template.id().ifPresent(id -> templates.put(id, template)));
        return routes.of(Declaration.TEMPLATED)
                .flatMap(made -> made.text("routeTemplateRef")
                        .map(ref -> templates.get(ref.text()))
                        .map(template -> problems(made, template).stream())
                        .orElse(Stream.of()));
    }

    private static List<Problem> problems(Declaration made, Declaration template) {
        List<Problem> problems = new ArrayList<>();
        Set<String> known = names(template);
        Set<String> given = new HashSet<>();
        for (Yaml.Text name : texts(made.value(), "name")) {
            if (!known.contains(name.text())) {
                problems.add(name.place()
                        .problem("unknown parameter '" + name.text() + "' of " + template.name()
                                + Nearest.remedy(name.text(), known)));
            } else if (!given.add(name.text())) {
                problems.add(name.place().problem("duplicate parameter '" + name.text() + "': remove one"));
            }
        }
        String missing = template.value().items("parameters").stream()
                .filter(parameter -> parameter.value("defaultValue").isEmpty()
                        && parameter.text("required").stream()
                                .noneMatch(required -> required.text().equals("false"))
                        && parameter.text("name").stream().noneMatch(name -> given.contains(name.text())))
                .flatMap(parameter -> parameter.text("name").stream()
                        .map(name -> name.text()
                                + parameter
                                        .text("description")
                                        .map(text -> " (" + text.text() + ")")
                                        .orElse("")))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            problems.add(made.place()
                    .problem(made.name() + " lacks parameters of its template: add " + missing
                            + ", or a defaultValue at " + template.place()));
        }
        return problems;
    }

    private static List<Yaml.Text> texts(Yaml.Keys declaration, String key) {
        return declaration.items("parameters").stream()
                .flatMap(parameter -> parameter.text(key).stream())
                .toList();
    }

    /** The names of a template's parameters. */
    static Set<String> names(Declaration template) {
        return texts(template.value(), "name").stream().map(Yaml.Text::text).collect(Collectors.toSet());
    }
}
