package org.colleaguesearch.tooling.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Unreadable;

/**
 * The requested test files.
 *
 * @param readable the files that are YAML
 * @param problems the problems of all files, unordered
 */
record TestFiles(List<TestFile> readable, List<Problem> problems) {
    /** Reads files and all test files below folders, each once. */
    static TestFiles in(List<Path> paths) {
        List<TestFile> readable = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        paths.stream().flatMap(path -> tests(path, problems)).distinct().forEach(file -> {
            try {
                TestFile test = TestFile.read(file);
                readable.add(test);
                test.problems().forEach(problems::add);
            } catch (Unreadable e) {
                problems.add(e.problem());
            }
        });
        return new TestFiles(readable, problems);
    }

    private static Stream<Path> tests(Path path, List<Problem> problems) {
        if (Files.isDirectory(path)) {
            return below(path, problems);
        }
        if (isTest(path)) {
            return Stream.of(path);
        }
        problems.add(whole(
                path,
                Files.exists(path) ? "not a test file; the name must end in " + TestFile.ENDING : "no such file"));
        return Stream.of();
    }

    private static Stream<Path> below(Path folder, List<Problem> problems) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> tests = files.filter(TestFiles::isTest).sorted().toList();
            if (tests.isEmpty()) {
                problems.add(whole(folder, "no test in this folder; add one, such as fetch-url" + TestFile.ENDING));
            }
            return tests.stream();
        } catch (IOException | UncheckedIOException e) {
            problems.add(whole(folder, "cannot read this folder; check its permissions and those of its subfolders"));
            return Stream.of();
        }
    }

    private static boolean isTest(Path path) {
        return path.toString().endsWith(TestFile.ENDING) && Files.isRegularFile(path);
    }

    private static Problem whole(Path path, String text) {
        return new Place(path, 1, 1).problem(text);
    }
}
