package org.colleaguesearch.tooling.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.check.JqSyntax;
import org.colleaguesearch.tooling.yaml.Place;

/**
 * Finds problems in a test file beyond the schema: missing files, unknown exceptions, invalid expressions and duplicate
 * case names. Ignores parts that violate the schema. One instance per file.
 */
final class Contents {
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Place> names = new HashMap<>();

    private Contents() {}

    static List<Problem> problems(Part file) {
        Contents contents = new Contents();
        file.get("cases").items().forEach(contents::checkCase);
        return contents.problems;
    }

    private void checkCase(Part each) {
        checkName(each.get("name"));
        checkFile(each.get("given"));
        each.get("answers").fields().forEach(step -> step.items().forEach(this::checkAnswer));
        checkExpected(each.get("expect"));
        for (Part node : each.get("expect").get("nodes").fields()) {
            checkExpected(node);
            node.items().forEach(this::checkExpected);
            node.get("in-any-order").items().forEach(this::checkExpected);
        }
    }

    private void checkName(Part name) {
        Place first = name.text() == null ? null : names.putIfAbsent(name.text(), name.place());
        if (first != null) {
            problems.add(
                    name.place().problem("duplicate case name, first in line " + first.line() + "; use another name"));
        }
    }

    private void checkAnswer(Part answer) {
        checkFile(answer);
        Part fails = answer.get("fails");
        if (fails.text() != null) {
            check(() -> Answer.exception(fails));
        }
    }

    private void checkExpected(Part message) {
        checkFile(message);
        for (Part part : message.get("json").fields()) {
            JqSyntax.wrong(part.key())
                    .ifPresent(wrong -> problems.add(part.place().problem("invalid jq expression: " + wrong.text())));
        }
    }

    private void checkFile(Part message) {
        if (message.get("body-file").text() != null) {
            check(() -> Body.read(message));
        }
    }

    private void check(Runnable reading) {
        try {
            reading.run();
        } catch (UnreadableTest e) {
            problems.addAll(e.problems());
        }
    }
}
