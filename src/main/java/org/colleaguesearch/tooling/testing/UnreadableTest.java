package org.colleaguesearch.tooling.testing;

import java.util.List;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Problem;

/**
 * Test files that cannot be run. The message has one line per problem, {@code file:line:column: problem; remedy}, in
 * file order.
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
