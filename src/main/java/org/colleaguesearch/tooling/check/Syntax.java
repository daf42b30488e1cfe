package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * Checks a file against Camel's schema, and reports at most one problem per place. A JSON Schema validator would report
 * each of about thirty alternatives that do not match. For one thread.
 */
final class Syntax {
    /** The name of the top level in messages. */
    static final String FILE = "the file";

    private final List<Problem> problems = new ArrayList<>();

    private Syntax() {}

    static List<Problem> problems(Yaml file) {
        Syntax syntax = new Syntax();
        if (file instanceof Yaml.Items list) {
            syntax.checkItems(list, Shape.ofFile(), FILE);
        } else {
            syntax.problems.add(file.place()
                    .problem("the file must be a list: start each declaration with '- route:', '- routeTemplate:'"
                            + " or similar"));
        }
        return syntax.problems;
    }

    /**
     * Checks a value and its contents.
     *
     * @param name of the key that has the value, for messages
     * @param owner the place of that key, for missing values
     */
    private void check(Yaml value, Shape shape, String name, Place owner) {
        Optional<Problem> problem = new ValueRule(name, shape).problem(value, owner);
        if (problem.isPresent()) {
            problems.add(problem.get());
            return;
        }
        switch (value) {
            case Yaml.Keys keys -> checkKeys(new KeyRule(name, keys, shape), owner);
            case Yaml.Items list -> checkItems(list, shape, name);
            case Yaml.Text text -> {}
        }
    }

    private void checkItems(Yaml.Items list, Shape shape, String name) {
        if (shape.items() != null) {
            Shape item = Shape.of(shape.items());
            list.items().forEach(value -> check(value, item, name, value.place()));
        }
    }

    private void checkKeys(KeyRule keys, Place owner) {
        keys.unknown().forEach(problems::add);
        for (Yaml.Entry entry : keys.entries()) {
            Yaml.Text key = entry.key();
            JsonNode known = keys.shape().keys().get(key.text());
            if (known != null) {
                check(entry.value(), Shape.of(known), key.text(), key.place());
            }
        }
        problems.addAll(keys.missing(owner));
    }
}
