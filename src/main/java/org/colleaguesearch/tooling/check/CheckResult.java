package org.colleaguesearch.tooling.check;

import java.util.List;
import org.colleaguesearch.settings.Problem;

/**
 * The result of a check. Immutable.
 *
 * @param problems in the order of the files
 * @param files number of files checked
 * @param elsewhere problems of other files that kept the check of these from completing
 */
public record CheckResult(List<Problem> problems, int files, List<Problem> elsewhere) {
    public CheckResult {
        problems = List.copyOf(problems);
        elsewhere = List.copyOf(elsewhere);
    }

    /** The result of a check of all files. */
    public CheckResult(List<Problem> problems, int files) {
        this(problems, files, List.of());
    }

    public boolean isGood() {
        return problems.isEmpty() && elsewhere.isEmpty();
    }

    /** One line for people. */
    public String summary() {
        if (files == 0) {
            return "no route files";
        }
        String all = counted(files, "file");
        if (isGood()) {
            return all + ", no problems";
        }
        String found = problems.isEmpty()
                ? all
                : counted(problems.size(), "problem") + " in " + broken(problems) + " of " + all;
        return elsewhere.isEmpty()
                ? found
                : found + ", check incomplete: first fix "
                        + counted(elsewhere.size(), "problem") + " in " + counted(broken(elsewhere), "other file")
                        + ", such as "
                        + elsewhere.get(0);
    }

    private static int broken(List<Problem> problems) {
        return (int) problems.stream().map(Problem::file).distinct().count();
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
