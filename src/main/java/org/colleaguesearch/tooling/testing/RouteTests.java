package org.colleaguesearch.tooling.testing;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/**
 * Runs the YAML tests of routes: {@code <route>.test.yaml} under {@code routes/}. This makes each case a JUnit test:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> routes() {
 *     return RouteTests.in(Path.of("routes")).map(test -> dynamicTest(test.name(), test::check));
 * }
 * }</pre>
 *
 * <p>They run one after the other in the folder with {@code application.yml} and {@code routes/}, in one application,
 * which is closed with the stream.
 */
public final class RouteTests {
    private static final String LOG = "--logging.threshold.console=";

    private RouteTests() {}

    /** A case, ready to run. */
    public record Test(String name, Runnable run) {
        /**
         * Runs it.
         *
         * @throws AssertionError with the differences, if it does not meet the expectations
         */
        public void check() {
            run.run();
        }
    }

    /**
     * All cases of a folder and its subfolders.
     *
     * @throws UnreadableTest when a file cannot be run
     * @throws TestStartFailure when the application cannot start
     */
    public static Stream<Test> in(Path folder) {
        Runner runner = new Runner(List.of());
        try {
            Cases cases = cases(TestFiles.in(List.of(folder)), runner);
            return Stream.concat(
                            cases.absent().stream().map(RouteTests::absent),
                            cases.ready().stream()
                                    .map(each -> new Test(each.toString(), () -> check(runner.run(each)))))
                    .onClose(runner::close);
        } catch (RuntimeException e) {
            runner.close();
            throw e;
        }
    }

    private static Test absent(Problem problem) {
        return new Test(problem.file().toString(), () -> {
            throw new AssertionError(problem.toString());
        });
    }

    private static void check(CaseResult verdict) {
        if (!verdict.isGood()) {
            throw new AssertionError(String.join(System.lineSeparator(), verdict.explanation()));
        }
    }

    /**
     * The cases of the files.
     *
     * @param ready cases of files whose route and indexers exist
     * @param absent the missing routes and indexers of the other files, whose cases are not run
     */
    record Cases(List<RouteCase> ready, List<Problem> absent) {}

    /**
     * Returns the cases of the files.
     *
     * @throws UnreadableTest with all problems that can be found
     */
    static Cases cases(TestFiles files, Runner runner) {
        List<Problem> problems = new ArrayList<>(files.problems());
        List<Problem> absent = new ArrayList<>();
        List<TestFile> ready = new ArrayList<>();
        try {
            if (!files.readable().isEmpty()) {
                TestNames names = runner.names();
                for (TestFile file : files.readable()) {
                    List<Problem> missing = names.absent(file).toList();
                    absent.addAll(missing);
                    names.unknown(file).forEach(problems::add);
                    if (missing.isEmpty()) {
                        ready.add(file);
                    }
                }
            }
        } catch (TestStartFailure e) {
            if (problems.isEmpty()) {
                throw e;
            }
        }
        if (!problems.isEmpty() || ready.isEmpty()) {
            problems.addAll(absent);
            throw new UnreadableTest(Problem.onePerPlace(problems));
        }
        return new Cases(ready.stream().flatMap(TestFile::cases).toList(), Problem.onePerPlace(absent));
    }

    /**
     * Runs test files and prints the report.
     *
     * @param files test files or folders
     * @param settings {@code --key=value}
     * @return whether all cases passed
     * @throws UnreadableTest when a file cannot be run
     * @throws TestStartFailure when the application cannot start
     */
    public static boolean report(List<Path> files, List<String> settings, PrintStream out) {
        TestFiles all = TestFiles.in(files);
        long began = System.nanoTime();
        try (Runner runner = new Runner(quiet(settings))) {
            Cases found = cases(all, runner);
            found.absent().forEach(problem -> out.println("NOT RUN  " + problem));
            int notRun =
                    (int) found.absent().stream().map(Problem::file).distinct().count();
            List<RouteCase> cases = found.ready();
            long good = cases.stream()
                    .map(runner::run)
                    .peek(verdict -> lines(verdict).forEach(out::println))
                    .filter(CaseResult::isGood)
                    .count();
            out.printf(
                    Locale.ROOT,
                    "%n%s in %s: %d ok, %d failed, %s%.1f s%n",
                    counted(cases.size(), "case"),
                    counted(all.readable().size() - notRun, "file"),
                    good,
                    cases.size() - good,
                    notRun == 0 ? "" : counted(notRun, "file") + " not run, ",
                    (System.nanoTime() - began) / 1e9);
            return good == cases.size() && notRun == 0;
        }
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** Turns the console log off, since the report has all results, unless a setting asks for the log. */
    private static List<String> quiet(List<String> settings) {
        return settings.stream().anyMatch(setting -> setting.startsWith(LOG))
                ? settings
                : Stream.concat(settings.stream(), Stream.of(LOG + "off")).toList();
    }

    private static Stream<String> lines(CaseResult verdict) {
        String line = "%-6s  %s (%.2f s)"
                .formatted(
                        verdict.isGood() ? "ok" : "FAILED",
                        Diff.shortened(verdict.of().toString()),
                        verdict.took().toMillis() / 1000.0);
        return verdict.isGood()
                ? Stream.of(line)
                : Stream.concat(Stream.of(line), verdict.explanation().stream().map(each -> "        " + each));
    }
}
