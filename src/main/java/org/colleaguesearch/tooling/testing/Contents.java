package org.colleaguesearch.tooling.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.check.JqSyntax;
import org.colleaguesearch.tooling.yaml.Place;

/**
 * Finds what is wrong with what a test file says, whatever its form: files, exceptions and expressions that are none, and
 * cases of one name. What has another form than it should is passed over. One for each file.
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
            problems.add(name.place()
                    .problem("the name is that of the case in line " + first.line() + ", too: give this another"));
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
                    .ifPresent(wrong ->
                            problems.add(part.place().problem("this jq expression does not compile: " + wrong.text())));
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
