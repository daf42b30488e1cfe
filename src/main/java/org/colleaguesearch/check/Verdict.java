package org.colleaguesearch.check;

import java.util.List;
import org.colleaguesearch.yaml.Problem;

/** What came of a check: the problems in the order of the files, and how many files there are. Immutable. */
public record Verdict(List<Problem> problems, int files) {
    public Verdict {
        problems = List.copyOf(problems);
    }

    /** In a line, for people. */
    public String summary() {
        if (files == 0) {
            return "no route files";
        }
        String all = files + (files == 1 ? " file" : " files");
        long broken = problems.stream().map(Problem::file).distinct().count();
        return problems.isEmpty()
                ? all + ", no problem"
                : problems.size() + (problems.size() == 1 ? " problem" : " problems") + " in " + broken + " of " + all;
    }
}
