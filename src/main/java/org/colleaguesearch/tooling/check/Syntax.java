package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * Holds a file against Camel's schema, and finds one problem a place at most. A validator of JSON schemas would name each
 * of some thirty alternatives that do not fit. For one thread.
 */
final class Syntax {
    /** What the items of a file stand in, for messages. */
    static final String FILE = "the file";

    private final List<Problem> problems = new ArrayList<>();

    private Syntax() {}

    static List<Problem> problems(Yaml file) {
        Syntax syntax = new Syntax();
        if (file instanceof Yaml.Items list) {
            syntax.checkItems(list, Shape.ofFile(), FILE);
        } else {
            syntax.problems.add(file.place()
                    .problem("the file is to be a list:"
                            + " begin each route, template or the like with '- route:' and so on"));
        }
        return syntax.problems;
    }

    /**
     * Checks a value, and what is in it.
     *
     * @param name whose value it is, for messages
     * @param owner where that stands, for what is not there
     */
    private void check(Yaml value, Shape shape, String name, Place owner) {
        Optional<Problem> problem = new ValueRule(name, shape).problem(value, owner);
        if (problem.isPresent()) {
            problems.add(problem.get());
            return;
        }
        switch (value) {
            case Yaml.Keys keys -> checkKeys(new GivenKeys(name, keys, shape), owner);
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

    private void checkKeys(GivenKeys keys, Place owner) {
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
