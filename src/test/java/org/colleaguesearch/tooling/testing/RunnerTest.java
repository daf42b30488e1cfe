package org.colleaguesearch.tooling.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.colleaguesearch.settings.Nearest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tests of routes say when something is not as they expect. */
class RunnerTest {
    private static final List<String> SETTINGS =
            List.of("--camel.main.routes-include-pattern=file:routes/**/*.camel.yaml,"
                    + "classpath:testing/outside.camel.yaml,file:src/test/resources/routes/index-sample.camel.yaml");

    /** More patient than a machine that stalls. */
    private static final Runner RUNNER = new Runner(SETTINGS, Duration.ofMinutes(1));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("fetch-url.test.yaml");
    }

    @AfterAll
    static void stop() {
        RUNNER.close();
    }

    /** A route file declares an indexer sample, too. */
    @Test
    void hasTheIndexersOfTestsWhateverTheFilesDeclare() throws IOException {
        file = folder.resolve("index-sample.test.yaml");

        assertThat(run("""
                cases:
                  - name: indexes
                    given:
                      chunk: {indexer: sample, people: [ada]}
                    answers:
                      fetch-section:
                        - {for: https://people.example.org/people/ada/sample, body: {sample: [{title: Maps}]}}
                      deliver-outcomes: [{}]
                    expect:
                      json: {".outcomes[0].section": [{title: Maps}]}
                """)).isEmpty();
        assertThat(RUNNER.names().indexers()).doesNotContain("sample", "other").contains("patents");
    }

    @Test
    void showsDifferencesAndThePlaceOfTheExpectation() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/x"}
                    answers:
                      call-url: [{body: {b: [2], a: 1}}]
                    expect:
                      body: {a: 1, b: [1]}
                      headers: {X: y}
                      nodes:
                        call-url: {calls: 2}
                """))
                .containsExactly(
                        file + ":7: the body of the answer",
                        "    {",
                        "      \"a\" : 1,",
                        "  -   \"b\" : [ 1 ]",
                        "  +   \"b\" : [ 2 ]",
                        "    }",
                        file + ":8: the header X of the answer",
                        "  - y",
                        "  + null",
                        file + ":10: the number of calls to step call-url",
                        "  - 2",
                        "  + 1",
                        "step calls:",
                        "  call-url: https://people.example.org/x");
    }

    @Test
    void suggestsAnAnswerForAnUnansweredCall() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/x"}
                    expect:
                      fails: anything
                """))
                .containsExactly(file + ":2: step send-request calls GET https://people.example.org/x,"
                        + " which has no answer; add one, such as answers: {send-request: [{status: 200, body: {}}]}");
    }

    @Test
    void reportsAnUnansweredCallOfABean() throws IOException {
        assertThat(run("""
                route: autosuggest
                cases:
                  - name: suggests
                    expect:
                      headers: {CamelHttpResponseCode: 500}
                """))
                .first()
                .asString()
                .contains("step suggest-from-index calls POST http://opensearch.test:9200/");
    }

    @Test
    void nothingIsWrittenOutsideAndNoTimerFires() throws IOException {
        String test = """
                route: outside
                cases:
                  - name: writes
                    given: {headers: {where: outside}}
                    answers: {write-outside: [{}]}
                    expect: {body: x}
                """;

        assertThat(run(test.replace("write-outside", "write-elsewhere")))
                .first()
                .asString()
                .contains("step write-outside calls file://target/outside, which has no answer; add one,"
                        + " such as answers: {write-outside: [{}]}");
        assertThat(run(test)).first().asString().contains("step write-elsewhere calls file://target/outside");
        assertThat(run(test.replace("[{}]", "[{}], write-elsewhere: [{}]"))).isEmpty();
        assertThat(Path.of("target/outside")).doesNotExist();
    }

    @Test
    void reportsACallThatNoAnswerMatches() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/x"}
                    answers:
                      call-url: [{for: /y, body: 1}]
                    expect:
                      body: 1
                """))
                .containsExactly(
                        file + ":5: no answer of step call-url matches this call; fix the route or 'for', or"
                                + " add an answer",
                        "  - for: /y",
                        "  + https://people.example.org/x",
                        "step calls:",
                        "  call-url: https://people.example.org/x");
    }

    /** The step with the answers is not the one that makes the call. */
    @Test
    void reportsAnHttpCallThatNoAnswerMatches() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/x"}
                    answers:
                      call-url: [{for: /y, status: 404}, {for: /z, status: 200, body: 1}]
                    expect:
                      body: 1
                """))
                .startsWith(
                        file + ":5: no answer of step call-url matches this call; fix the route or 'for', or"
                                + " add an answer",
                        "  - for: /y",
                        "  - for: /z",
                        "  + GET https://people.example.org/x")
                .noneMatch(line -> line.contains("failed"));
    }

    @Test
    void showsTheFailuresThatTheRouteHandled() throws IOException {
        assertThat(run("""
                route: list-people
                cases:
                  - name: asks once more
                    given: {batch: {}}
                    answers:
                      fetch-page: [{fails: java.io.IOException, message: "torn \\e[31m"}]
                      fetch-page-when-well: [{body: {items: [], next: null}}]
                    expect:
                      nodes:
                        end-list: {calls: 2}
                """)).endsWith("handled failures:", "  fetch-page: java.io.IOException: torn ?[31m");
    }

    @Test
    void showsTheFailureOfTheRouteOnlyOnce() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    given: {body: "https://people.example.org/x"}
                    answers:
                      call-url: [{fails: java.lang.IllegalStateException, message: broken}]
                    expect: {body: 1}
                """)).filteredOn(line -> line.contains("broken")).hasSize(1);
    }

    @Test
    void unexpectedFailureFailsTheCase() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    answers:
                      call-url: [{fails: java.lang.IllegalStateException, message: "no\\e[31m"}]
                    expect:
                      nodes: {call-url: {calls: 1}}
                """))
                .startsWith(
                        file + ":5: the route failed; add 'fails' if this is expected",
                        "  + java.lang.IllegalStateException: no?[31m");
    }

    @Test
    void missingExpectedFailureFailsTheCase() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    answers:
                      call-url: [{body: 1}]
                    expect:
                      fails: HTTP 404
                """)).startsWith(file + ":6: the failure of the route", "  - HTTP 404", "  + no failure");
    }

    @Test
    void wrongOrderFailsTheCase() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    answers:
                      call-url: [{body: 1}]
                    expect:
                      order: [call-url, begin-call]
                """))
                .startsWith(file + ":6: the order of steps")
                .contains("  + [ \"begin-call\", \"call-url\" ]");
    }

    @Test
    void uncalledStepFailsTheCase() throws IOException {
        assertThat(run("""
                route: extract-query
                cases:
                  - name: searches
                    given: {query: ""}
                    expect:
                      nodes: {search-again: {json: {.a: 1}}, search-people: {in-any-order: [{body: x}]}}
                """))
                .startsWith(
                        file + ":6: step search-again was not called",
                        file + ":6: the number of calls to step search-people",
                        "  - 1",
                        "  + 0")
                .noneMatch(line -> line.contains("search-people was not called"));
    }

    @Test
    void hangingCaseTimesOutAndTheNextOneRuns() throws IOException {
        String hanging = """
                cases:
                  - name: fetches
                    answers:
                      call-url: [{delay: 5s}]
                    expect:
                      body: 1
                """;

        try (Runner impatient = new Runner(SETTINGS, Duration.ofSeconds(2))) {
            assertThat(run(impatient, hanging)).startsWith(file + ":2: the case timed out after 2.0 s in call-url");
            assertThat(run(impatient, hanging.replace("delay: 5s", "body: 1"))).isEmpty();
        }
    }

    @Test
    void casesDoNotAffectEachOther() throws IOException {
        String down = """
                route: list-people
                cases:
                  - name: lists
                    given: {batch: {indexers: [patents]}}
                    answers:
                      fetch-page: [{status: 503}]
                      fetch-page-when-well: [{body: {items: []}}]
                    expect:
                      nodes: {fetch-page-when-well: {calls: 1}}
                """;

        // This case leaves the API marked as down and a batch with the indexer.
        assertThat(run(down)).isEmpty();
        assertThat(run(down.replace("status: 503", "body: {items: []}").replace("calls: 1", "calls: 0")))
                .isEmpty();
    }

    @Test
    void unexpectedFailureHidesOtherMismatches() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    answers:
                      call-url: [{fails: java.lang.IllegalStateException}]
                    expect:
                      body: {a: 1}
                      nodes: {call-url: {calls: 2}}
                """))
                .containsExactly(
                        file + ":5: the route failed; add 'fails' if this is expected",
                        "  + java.lang.IllegalStateException: simulated by the test",
                        "step calls:",
                        "  call-url: null");
    }

    @Test
    void numbersAreEqualByTheirValue() throws IOException {
        String test = """
                cases:
                  - name: fetches
                    answers:
                      call-url: [{status: 200, body: {a: 1.0, b: 2, c: [1e3, -0.0, 0.5, 1e20]}}]
                    given: {body: "https://people.example.org/x"}
                    expect:
                      body: {a: 1, b: 2.0, c: [1000, 0, 5e-1, 100000000000000000000.0]}
                      json: {.a: 1, ".b": 2.00, ".c[0] + 0.0": 1000}
                """;

        assertThat(run(test)).isEmpty();
        assertThat(run(test.replace("b: 2.0", "b: 2.1")))
                .contains("  -   \"b\" : 2.1,", "  +   \"b\" : 2,")
                .doesNotContain("  -   \"a\" : 1,");
        assertThat(run(test.replace("a: 1,", "a: \"1\","))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "until(false; .) | (cannot evaluate: infinite recursion)",
                "range(1e6)      | (cannot evaluate: more than 10000 results)",
                ".a              | (cannot evaluate: Cannot index string with string \"a\")",
            })
    void expressionThatCannotBeEvaluatedFailsTheCase(String expression, String said) throws IOException {
        assertThat(run("cases: [{name: x, answers: {call-url: [{body: text}]}, expect: {json: {'%s': 1}}}]"
                        .formatted(expression)))
                .startsWith(file + ":1: " + expression + " in the body of the answer", "  - 1", "  + " + said);
    }

    @Test
    void limitsTheNumberOfReportedCalls() throws IOException {
        assertThat(run("""
                route: index-patents
                cases:
                  - name: fetches
                    given: {chunk: {indexer: patents, people: [PEOPLE]}}
                    answers: {fetch-section: [{body: {patents: []}}], deliver-outcomes: [{}]}
                    expect: {nodes: {fetch-section: {body: x}}}
                """.replace(
                        "PEOPLE", IntStream.range(0, 50).mapToObj(i -> "p" + i).collect(Collectors.joining(", ")))))
                .hasSize(20 * 3 + 1 + 1 + 20 + 1)
                .contains("… and 30 more mismatches", "  … and 31 more");
    }

    @Test
    void bodyReplacesThatOfABatchInEitherOrder() throws IOException {
        String test = """
                route: fetch-url
                cases:
                  - name: fetches
                    given: {FIRST, SECOND}
                    answers: {call-url: [{body: x}]}
                    expect: {nodes: {call-url: {body: own}}}
                """;
        String batch = "batch: {indexers: [patents]}";

        assertThat(run(test.replace("FIRST", "body: own").replace("SECOND", batch)))
                .isEmpty();
        assertThat(run(test.replace("FIRST", batch).replace("SECOND", "body: own")))
                .isEmpty();
    }

    @Test
    void escapesTerminalControlCharacters() throws IOException {
        assertThat(run("""
                cases:
                  - name: fetches
                    answers: {call-url: [{body: "a\\u202eb\\e[31m"}]}
                    expect: {headers: {"X\\e[31m\\n": y}, body: x}
                """))
                .startsWith(
                        file + ":4: the body of the answer",
                        "  - x",
                        "  + a?b?[31m",
                        file + ":4: the header X?[31m\\n of the answer");
    }

    @Test
    void reportsTheProblemsOfAllFilesTogether() throws IOException {
        Files.writeString(file, """
                cases:
                  - name: fetches
                    given: {chunk: {indexer: patnets, people: [a]}}
                    answers: {cal-url: [{}], send-requests: [{statu: 200}]}
                    expect: {order: [call-url, [call-url], {}, call-ulr]}
                """);
        Files.writeString(folder.resolve("fetch-ulr.test.yaml"), "cases: [{name: x, expect: {body: x}}]");
        Files.writeString(folder.resolve("outside.test.yaml"), "cases: [{name: x, expect: {order: [a, make-file]}}]");
        Files.writeString(folder.resolve("torn.test.yaml"), "cases: [");
        Files.writeString(
                folder.resolve("typo.test.yaml"),
                "{rout: typo, cases: [{name: x, answers: {cal-url: [{}], zzz: [{}]}, expect: {body: x}}]}");

        assertThatThrownBy(() -> RouteTests.cases(TestFiles.in(List.of(folder)), RUNNER))
                .isInstanceOf(UnreadableTest.class)
                .extracting(
                        wrong -> wrong.getMessage()
                                .replace(folder + "/", "")
                                .lines()
                                .toList(),
                        InstanceOfAssertFactories.list(String.class))
                .startsWith(
                        "fetch-ulr.test.yaml:1:1: unknown route 'fetch-ulr'; did you mean 'fetch-url'?",
                        "fetch-url.test.yaml:3:21: unknown indexer 'patnets'; did you mean 'patents'?",
                        "fetch-url.test.yaml:4:15: unknown step 'cal-url'; did you mean 'call-url'?",
                        "fetch-url.test.yaml:4:30: unknown step 'send-requests'; did you mean 'send-request'?",
                        "fetch-url.test.yaml:4:47: unknown key 'statu'; did you mean 'status'?",
                        "fetch-url.test.yaml:5:32: an item of 'order' must be a string, not a list",
                        "fetch-url.test.yaml:5:44: an item of 'order' must be a string, not a map",
                        "fetch-url.test.yaml:5:48: unknown step 'call-ulr'; did you mean 'call-url'?",
                        "outside.test.yaml:1:36: unknown step 'a'; expected one of: make-file, write-elsewhere, write-outside")
                .satisfies(lines -> assertThat(lines.get(9)).startsWith("torn.test.yaml:1:9: invalid YAML"))
                .endsWith(
                        "typo.test.yaml:1:2: unknown key 'rout'; did you mean 'route'?",
                        "typo.test.yaml:1:42: unknown step 'cal-url'; did you mean 'call-url'?",
                        "typo.test.yaml:1:57: unknown step 'zzz'"
                                + Nearest.remedy("zzz", RUNNER.names().steps()));
    }

    @Test
    void runsTheOtherFilesWhenARouteOrIndexerIsMissing() throws IOException {
        Files.writeString(file, "cases: [{name: x, expect: {body: x}}]");
        Files.writeString(
                folder.resolve("index-gone.test.yaml"), "cases: [{name: x, answers: {gone: [{}]}, expect: {body: x}}]");
        Files.writeString(
                folder.resolve("run-batch.test.yaml"),
                "cases: [{name: x, given: {batch: {indexers: [gone]}}, expect: {body: x}}]");

        RouteTests.Cases cases = RouteTests.cases(TestFiles.in(List.of(folder)), RUNNER);

        assertThat(cases.ready()).extracting(RouteCase::route).containsExactly("fetch-url");
        assertThat(cases.absent())
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("index-gone.test.yaml:1:1: unknown route 'index-gone'"),
                        line -> assertThat(line).startsWith("run-batch.test.yaml:1:46: unknown indexer 'gone'"));
    }

    @Test
    void reportsProblemsOfFilesEvenWhenTheApplicationCannotStart() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.test.yaml"), "cases: [{name: 1, expect: {body: x}}]");
        Files.writeString(file, "cases: [{name: x, expect: {body: x}}]");
        try (Runner runner = new Runner(List.of("--colleagues.apis.default.connect-timeout=5x"))) {
            assertThatThrownBy(() -> RouteTests.cases(TestFiles.in(List.of(folder)), runner))
                    .hasMessage(bad + ":1:10: 'name' must be a string, not 1; put it in quotes");
            assertThatThrownBy(() -> RouteTests.cases(TestFiles.in(List.of(file)), runner))
                    .isInstanceOf(TestStartFailure.class);
        }
    }

    private List<String> run(String yaml) throws IOException {
        return run(RUNNER, yaml);
    }

    private List<String> run(Runner runner, String yaml) throws IOException {
        Files.writeString(file, yaml);
        List<RouteCase> cases =
                RouteTests.cases(TestFiles.in(List.of(file)), runner).ready();
        return runner.run(cases.getFirst()).explanation();
    }
}
