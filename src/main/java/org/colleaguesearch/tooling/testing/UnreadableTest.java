package org.colleaguesearch.tooling.testing;

import java.util.List;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Problem;

/**
 * Test files that cannot be run. The message has a line a problem, {@code file:line:column: what is wrong, what to do}, in
 * the order of the files.
 */
public class UnreadableTest extends RuntimeException {
    private final transient List<Problem> problems;

    UnreadableTest(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = problems;
    }

    List<Problem> problems() {
        return problems;
    }
}
