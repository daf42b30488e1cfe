package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.colleaguesearch.settings.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.mock.env.MockEnvironment;

/** Each folder of src/test/resources/check has route files, and the expected problems in expected.txt. */
class RouteCheckTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/check");
    private static final RouteCheck CHECK = RouteCheck.of(new MockEnvironment()
            .withProperty("camel.main.routes-include-pattern", "file:*.camel.yaml")
            .withProperty("camel.threadpool.config.fetch.pool-size", "1")
            .withProperty("colleagues.known", "5"));

    @ParameterizedTest
    @MethodSource("examples")
    void findsExpectedProblems(Path example) throws IOException {
        List<String> found =
                CHECK.check(example).stream().map(Problem::toString).toList();

        assertThat(found).isEqualTo(Files.readAllLines(example.resolve("expected.txt")));
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.sorted().toList();
        }
    }

    @Test
    void resolvesReferencesToOtherFilesWhenCheckingOne() {
        assertThat(CHECK.check(EXAMPLES.resolve("direct"), List.of(Path.of("b.camel.yaml")))
                        .problems())
                .extracting(Problem::line)
                .containsExactly(5, 10);
    }

    @Test
    void reportsIncompleteCheckDueToOtherFiles() {
        CheckResult verdict = CHECK.check(EXAMPLES.resolve("one-of-two"), List.of(Path.of("b.camel.yaml")));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.isGood()).isFalse();
        assertThat(CHECK.check(EXAMPLES.resolve("refused-files"), List.of(Path.of("a.camel.yaml")))
                        .isGood())
                .isFalse();
        assertThat(verdict.summary())
                .isEqualTo("1 file, check incomplete: first fix 1 problem in 1 other file, such as"
                        + " a.camel.yaml:3:5: unknown key 'descripton' of 'route'; did you mean 'description'?");
    }

    @Test
    void letsCamelCheckFileDespiteProblemsInAnother() {
        Path example = EXAMPLES.resolve("refused-elsewhere");

        assertThat(CHECK.check(example, List.of(Path.of("b.camel.yaml"))).problems())
                .extracting(Problem::toString)
                .containsExactly("b.camel.yaml:8:18: Camel rejects this: the bean batches is not of type Processor:"
                        + " use another bean");
        assertThat(CHECK.check(example, List.of(Path.of("c.camel.yaml")))).isEqualTo(new CheckResult(List.of(), 1));
    }

    @Test
    void reportsProblemsOfJqFilesThatTheFileNames() {
        Path example = EXAMPLES.resolve("jq-file");

        assertThat(CHECK.check(example, List.of(Path.of("example.camel.yaml"))).problems())
                .isEqualTo(CHECK.check(example))
                .isNotEmpty();
    }

    @Test
    void distinguishesFilesWithTheSamePrefix(@TempDir Path folder) throws IOException {
        Path programs = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(programs.resolve("a.jq"), ".a |");
        Files.writeString(programs.resolve("a.jqx"), ".a");
        for (String program : List.of("a.jq", "a.jqx")) {
            Files.writeString(folder.resolve(program.replace('.', '-') + ".camel.yaml"), """
                    - route:
                        id: %1$s
                        description: Works by a program.
                        from:
                          uri: direct:%1$s
                          steps:
                            - setBody:
                                jq: resource:file:routes/%1$s
                    """.formatted(program));
        }

        assertThat(CHECK.check(folder, List.of(Path.of("a-jq.camel.yaml"))).problems())
                .hasSize(1);
        assertThat(CHECK.check(folder, List.of(Path.of("a-jqx.camel.yaml"))).problems())
                .isEmpty();
    }

    @Test
    void reportsFileNamesThatCamelCannotLoad(@TempDir Path folder) throws IOException {
        RouteCheck check = RouteCheck.of(
                new MockEnvironment().withProperty("camel.main.routes-include-pattern", "file:*.camel.yaml.old"));
        Files.copy(EXAMPLES.resolve("refused-files").resolve("a.camel.yaml"), folder.resolve("a.camel.yaml.old"));

        assertThat(check.check(folder))
                .extracting(Problem::toString)
                .containsExactly("a.camel.yaml.old:1:1: Camel stopped here; fix this and check again: "
                        + "Camel rejects this: Cannot find RoutesBuilderLoader in classpath"
                        + " supporting file extension: camel.yaml.old: rename the file to ….camel.yaml, with no other"
                        + " dot");
    }

    @Test
    void reportsTenRefusalsAndThatMoreMayFollow(@TempDir Path folder) throws IOException {
        for (char id = 'a'; id < 'l'; id++) {
            Files.writeString(folder.resolve(id + ".camel.yaml"), """
                    - route:
                        id: %1$s
                        description: Calls a bean that is not a processor.
                        from:
                          uri: direct:%1$s
                          steps:
                            - process:
                                ref: batches
                    """.formatted(id));
        }

        assertThat(CHECK.check(folder))
                .hasSize(10)
                .last()
                .hasToString("j.camel.yaml:8:18: Camel stopped here; fix this and check again:"
                        + " Camel rejects this: the bean batches is not of type Processor: use another bean");
    }

    /** Camel logs failures while stopping. */
    @Test
    void doesNotStopUnstartedServices(CapturedOutput output) {
        assertThat(CHECK.check(EXAMPLES.resolve("unstoppable"))).isEmpty();

        assertThat(output.getAll()).doesNotContain("Exception");
    }

    @Test
    void saysThatAnOwnRouteHasTheIdOfAShippedOne(@TempDir Path folder) throws IOException {
        ownAndShipped(folder);

        assertThat(own("").check(folder))
                .extracting(Problem::toString)
                .contains("own/a.camel.yaml:2:9: duplicate id 'example', first at routes/b.camel.yaml:2:9: rename one,"
                        + " or leave a file out (colleagues.routes.exclude)");
    }

    @Test
    void takesAnOwnRouteInPlaceOfAShippedOneThatIsLeftOutWithItsTest(@TempDir Path folder) throws IOException {
        ownAndShipped(folder);

        assertThat(own("").tests(folder)).containsExactly(Path.of("routes/b.test.yaml"), Path.of("own/a.test.yaml"));
        RouteCheck check = own("routes/b.camel.yaml");
        assertThat(check.check(folder)).isEmpty();
        assertThat(check.files(folder)).containsExactly(Path.of("own/a.camel.yaml"));
        assertThat(check.tests(folder)).containsExactly(Path.of("own/a.test.yaml"));
    }

    @Test
    void knowsPatternsThatLeaveNothingOut(@TempDir Path folder) throws IOException {
        ownAndShipped(folder);
        RoutePattern pattern = new RoutePattern(
                List.of("routes/**/*.camel.yaml"), List.of("routes/*", "routes/c.camel.yaml", "b.camel.yaml"));

        assertThat(pattern.unused(folder)).containsExactly("routes/c.camel.yaml", "b.camel.yaml");
    }

    private static void ownAndShipped(Path folder) throws IOException {
        for (String name : List.of("own/a", "routes/b")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name + ".camel.yaml"), """
                    - route:
                        id: example
                        description: Says hello.
                        from:
                          uri: direct:example
                          steps:
                            - log:
                                id: say
                                message: hello
                    """);
            Files.writeString(folder.resolve(name + ".test.yaml"), "route: example");
        }
    }

    private static RouteCheck own(String excluded) {
        return RouteCheck.of(new MockEnvironment()
                .withProperty("camel.main.routes-include-pattern", "file:routes/**/*.camel.yaml")
                .withProperty("colleagues.routes.folders", "own")
                .withProperty("colleagues.routes.exclude", excluded));
    }

    @Test
    void reportsThatThereAreNoRouteFiles() {
        assertThat(CHECK.check(Path.of("src/test/java")))
                .extracting(Problem::toString)
                .containsExactly("routes:1:1: no route files here: start in the folder with routes/");
        assertThat(CHECK.files(Path.of("gone"))).isEmpty();
    }

    @Test
    void locatesRouteThatCamelRejectsAtStart() {
        Path good = EXAMPLES.resolve("good");
        Exception refusal = new FailedToStartRouteException(
                "index-books", "x", new IllegalStateException("the trigger will never fire\n\tat somewhere"));

        assertThat(CHECK.problem(good, new IllegalStateException(refusal)))
                .map(Problem::toString)
                .contains("books.camel.yaml:1:3: Camel rejects this: the trigger will never fire");
        assertThat(CHECK.problem(
                        good,
                        new FailedToStartRouteException(
                                "index-books",
                                "x",
                                new IOException("no " + good.toAbsolutePath().resolve("a.jq")))))
                .map(Problem::text)
                .contains("Camel rejects this: no a.jq");
        assertThat(CHECK.problem(
                        good, new FailedToStartRouteException("index-books", "x", new NoSuchBeanException(null))))
                .map(Problem::text)
                .contains("Camel rejects this: missing bean: name one");
        assertThat(CHECK.problem(good, new FailedToStartRouteException("other", "x")))
                .isEmpty();
        assertThat(CHECK.problem(good, new IllegalStateException("x"))).isEmpty();
    }

    @Test
    void masksSecretsFromPlaceholders(@TempDir Path folder) throws IOException {
        RouteCheck check = RouteCheck.of(new MockEnvironment()
                .withProperty("camel.main.routes-include-pattern", "file:*.camel.yaml")
                .withProperty("colleagues.apis.default.auth.api-key", "open-sesame"));
        Files.writeString(folder.resolve("a.camel.yaml"), """
                - route:
                    id: example
                    description: Leaks a secret.
                    from:
                      uri: direct:example
                      steps:
                        - to: "lgo:{{colleagues.apis.default.auth.api-key}}"
                        - to: "log:x?showAll={{colleagues.apis.default.auth.api-key}}"
                """);

        assertThat(check.check(folder))
                .hasSize(2)
                .noneMatch(problem -> problem.text().contains("open-sesame"));
        assertThat(check.problem(
                        folder, new FailedToStartRouteException("example", null, new IOException("open-sesame!"))))
                .map(Problem::text)
                .contains("Camel rejects this: ***!");
    }
}
