package org.colleaguesearch.testing;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The files that tests of routes are written in: {@code <route>.test.yaml}. */
final class TestFile {
    private static final String ENDING = ".test.yaml";

    private TestFile() {}

    /**
     * Some files, and all in some folders and those below.
     *
     * @throws UnreadableTest when one of them is no test, by its name
     */
    static List<Path> of(List<Path> paths) {
        return paths.stream().flatMap(TestFile::of).toList();
    }

    private static Stream<Path> of(Path path) {
        if (!Files.isDirectory(path)) {
            if (!path.toString().endsWith(ENDING)) {
                throw new UnreadableTest(path + ": is no test, by its name, which must end in " + ENDING);
            }
            return Stream.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The cases of some files.
     *
     * @throws UnreadableTest with all that is wrong with them
     */
    static List<RouteCase> read(List<Path> files) {
        List<RouteCase> cases = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                cases.addAll(read(file));
            } catch (UnreadableTest e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new UnreadableTest(problems);
        }
        return cases;
    }

    private static List<RouteCase> read(Path path) {
        YamlFile file = YamlFile.read(path);
        List<String> problems = Format.problems(file);
        if (!problems.isEmpty()) {
            throw new UnreadableTest(problems);
        }
        Part test = new Part(file, JsonPointer.empty());
        String name = path.getFileName().toString();
        String route =
                test.has("route") ? test.get("route").text() : name.substring(0, name.length() - ENDING.length());
        List<Part> cases = test.get("cases").items();
        for (Part each : cases) {
            if (each.get("given").has("body-file")) {
                Body.read(each.get("given"));
            }
            check(each.get("expect"));
        }
        return cases.stream().map(each -> RouteCase.of(route, each)).toList();
    }

    /** Reads what is only looked at when a case has run, so that a mistake in it shows before. */
    private static void check(Part expected) {
        for (Part part : expected.value().isArray() ? expected.items() : expected.fields()) {
            switch (expected.value().isArray() ? "" : part.key()) {
                case "json" -> part.fields().forEach(TestFile::checkExpression);
                case "body-file" -> Body.read(expected);
                case "body", "headers", "variables" -> {}
                default -> check(part);
            }
        }
    }

    private static void checkExpression(Part expression) {
        try {
            Jq.of(expression.key());
        } catch (JsonQueryException e) {
            throw expression.wrong(
                    "is no jq expression: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }
}
