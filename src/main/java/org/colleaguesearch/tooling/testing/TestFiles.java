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
 * The test files that were asked for.
 *
 * @param readable those of them that are YAML
 * @param problems with any, in no order
 */
record TestFiles(List<TestFile> readable, List<Problem> problems) {
    /** Reads some files, and all in some folders and those below; each once. */
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
                Files.exists(path)
                        ? "this is no test, by its name, which must end in " + TestFile.ENDING
                        : "there is no such file"));
        return Stream.of();
    }

    private static Stream<Path> below(Path folder, List<Problem> problems) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> tests = files.filter(TestFiles::isTest).sorted().toList();
            if (tests.isEmpty()) {
                problems.add(whole(folder, "there is no test here: write one, such as fetch-url" + TestFile.ENDING));
            }
            return tests.stream();
        } catch (IOException | UncheckedIOException e) {
            problems.add(whole(folder, "the folder cannot be read: may it, and all below?"));
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
