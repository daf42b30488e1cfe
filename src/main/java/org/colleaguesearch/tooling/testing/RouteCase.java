package org.colleaguesearch.tooling.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One case of a test file. Immutable.
 *
 * @param answers by the id of the step
 */
record RouteCase(String route, String name, Part yaml, Map<String, List<Answer>> answers) {
    static RouteCase of(String route, Part yaml) {
        Map<String, List<Answer>> answers = new LinkedHashMap<>();
        yaml.get("answers")
                .fields()
                .forEach(node -> answers.put(
                        node.key(), node.items().stream().map(Answer::of).toList()));
        return new RouteCase(route, yaml.get("name").text(), yaml, answers);
    }

    Part given() {
        return yaml.get("given");
    }

    Part expected() {
        return yaml.get("expect");
    }

    /** The answers of a step, in order; may be empty. */
    List<Answer> answersOf(String node) {
        return answers.getOrDefault(node, List.of());
    }

    /** Whether the case answers a step or has expectations of it. */
    boolean isAbout(String node) {
        return answers.containsKey(node) || expected().get("nodes").has(node);
    }

    @Override
    public String toString() {
        return route + ": " + name;
    }
}
