package org.colleaguesearch.tooling.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("fetch-url.test.yaml");
    }

    @Test
    void testsTheRouteItIsNamedAfterByDefault() throws IOException {
        assertThat(cases("cases: [{name: works, expect: {body: x}}]"))
                .singleElement()
                .hasToString("fetch-url: works");
    }

    @Test
    void testsTheRouteItNames() throws IOException {
        assertThat(cases("{route: call-api, cases: [{name: works, expect: {body: x}}]}"))
                .singleElement()
                .hasToString("call-api: works");
    }

    /** Each replaces {@code cases}, which begins in line 2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cases: []                                                       | 2:1: 'cases' is empty; add at least one case",
                "case: []                                                        | 2:1: unknown key 'case'; did you mean 'cases'?",
                "cases: {}                                                       | 2:1: 'cases' must be a list, not a map",
                "cases:                                                          | 2:1: 'cases' must be a list, not null",
                "cases: [text]                                                   | 2:9: an item of 'cases' must be a map, not a string",
                "text                                                            | 2:1: a test file must be a map, not a string",
                "cases: [{expect: {body: x}}]                                    | 2:9: 'name' is missing; add it",
                "cases: [{name: x}]                                              | 2:9: 'expect' is missing; add it",
                "cases: [{name: '', expect: {body: x}}]                          | 2:10: 'name' is empty; add a value",
                "cases: [{name: x, expect: {}}]                                  | 2:19: 'expect' is empty; add a value",
                "cases: [{name: 404, expect: {body: x}}]                         | 2:10: 'name' must be a string, not 404; put it in quotes",
                "cases: [{name: x, expct: {}, expect: {body: x}}]                | 2:19: unknown key 'expct'; did you mean 'expect'?",
                "cases: [{name: x, expct: {body: x}}]                            | 2:19: unknown key 'expct'; did you mean 'expect'?",
                "cases: [{name: x, expect: {nodes: {a: {call: 1}}}}]             | 2:40: unknown key 'call'; did you mean 'calls'?",
                "cases: [{name: x, expect: {nodes: {a: 1}}}]                     | 2:36: 'a' must be a map or a list, not 1",
                "cases: [{name: x, expect: {nodes: {a: {calls: -1}}}}]           | 2:40: 'calls' must be at least 0, not -1",
                "cases: [{name: x, expect: {order: []}}]                         | 2:28: 'order' is empty; add a value or remove it",
                "cases: [{name: x, expect: {order: [a]}}]                        | 2:28: 'order' has one entry; expected at least 2",
                "cases: [{name: x, expect: {json: {'.[': 1}}}]                   | 2:35: invalid jq expression: ",
                "cases: [{name: x, expect: {json: {lenght: 1}}}]          | 2:35: invalid jq expression: unknown function 'lenght'; did you mean 'length'?",
                "cases: [{name: x, expect: {nodes: {a: {in-any-order: [{json: {'.[': 1}}]}}}}] | 2:63: invalid jq expression",
                "cases: [{name: x, expect: {body: x, body-file: fetch-url.test.yaml}}] | 2:19: conflicting keys: give one of 'body' and 'body-file'",
                "cases: [{name: x, given: {boddy: 1}, expect: {body: x}}]        | 2:27: unknown key 'boddy'; did you mean 'body'?",
                "cases: [{name: x, given: {body: 1, query: x}, expect: {body: x}}] | 2:19: conflicting keys: give one of 'body',",
                "cases: [{name: x, given: {batch: {}, chunk: {indexer: a, people: [b]}}, expect: {body: x}}] | 2:19: conflicting keys",
                "cases: [{name: x, given: {batch: {indexers: [a, a]}}, expect: {body: x}}] | 2:35: 'indexers' has a duplicate item; remove it",
                "cases: [{name: x, given: {chunk: {people: [a]}}, expect: {body: x}}] | 2:27: 'indexer' is missing; add it",
                "cases: [{name: x, given: {chunk: {indexer: a, people: []}}, expect: {body: x}}] | 2:47: 'people' is empty",
                "cases: [{name: x, given: {chunk: {indexer: a, people: ['']}}, expect: {body: x}}] | 2:56: an item of 'people' is empty",
                "cases: [{name: x, given: {outcomes: {indexer: a, of: [{person: b, status: 404}]}}, expect: {body: x}}] | 2:55: this describes a failure; add 'fails' or remove it",
                "cases: [{name: x, answers: {a: {}}, expect: {body: x}}]         | 2:29: 'a' must be a list, not a map",
                "cases: [{name: x, answers: {a: [{status: 99}]}, expect: {body: x}}] | 2:34: 'status' must be at least 200, not 99",
                "cases: [{name: x, answers: {a: [{status: 600}]}, expect: {body: x}}] | 2:34: 'status' must be at most 599, not 600",
                "cases: [{name: x, answers: {a: [{status: '200'}]}, expect: {body: x}}] | 2:34: 'status' must be a whole number, not a string",
                "cases: [{name: x, answers: {a: [{status: 20.5}]}, expect: {body: x}}] | 2:34: 'status' must be a whole number, not 20.5",
                "cases: [{name: x, answers: {a: [{delay: 1h}]}, expect: {body: x}}] | 2:34: 'delay' must be a duration such as 50ms or 2s, at most 5s, not 1h",
                "cases: [{name: x, answers: {a: [{delay: 5}]}, expect: {body: x}}] | 2:34: 'delay' must be a duration such as 50ms or 2s, at most 5s, not 5",
                "cases: [{name: x, answers: {a: [{delay: 5001ms}]}, expect: {body: x}}] | 2:34: 'delay' must be",
                "cases: [{name: x, answers: {a: [{body: 1, fails: java.io.IOException}]}, expect: {body: x}}] | 2:33: conflicting keys: give one of 'body', 'body-file' and 'fails'",
                "cases: [{name: x, answers: {a: [{message: x}]}, expect: {body: x}}] | 2:33: this describes a failure; add 'fails'",
                "cases: [{name: x, answers: {a: [{fails: java.lang.Strin}]}, expect: {body: x}}] | 2:34: unknown exception 'java.lang.Strin'",
                "cases: [{name: x, answers: {a: [{fails: java.lang.String}]}, expect: {body: x}}] | 2:34: unknown exception 'java.lang.String'",
                "cases: [{name: x, answers: {a: [{fails: org.springframework.dao.DataAccessException}]}, expect: {body: x}}] | 2:34: org.springframework.dao.DataAccessException is abstract",
                "cases: [{name: x, name: y, expect: {body: x}}]                  | 2:19: duplicate key 'name', first on line 2",
                "cases: [{name: x, expect: {body: 1}}, {name: x, expect: {body: 2}}] | 2:40: duplicate case name, first in line 2; use another name",
                "cases: [{name: x, expect: {body: *a}}]                          | 2:34: invalid YAML: found undefined alias a",
                "cases: [                                                        | invalid YAML",
            })
    void reportsPlaceProblemAndRemedy(String yaml, String problem) throws IOException {
        assertThat(problems("# A test.\n" + yaml))
                .singleElement()
                .asString()
                .startsWith(file + ":")
                .contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.json     | file FOLDER/x.json does not exist; give its path",
                ".          | file FOLDER/. does not exist",
                "/dev/zero  | file /dev/zero does not exist",
                "torn.json  | invalid JSON in torn.json, line 2: ",
                "latin.txt  | latin.txt is not UTF-8: save it as UTF-8",
                "large.txt  | is larger than 10 MB",
                "'\"a\\0b\"' | invalid path: ",
            })
    void reportsProblemsOfBodyFiles(String name, String problem) throws IOException {
        Files.writeString(folder.resolve("torn.json"), "{\"a\":\n");
        Files.write(folder.resolve("latin.txt"), "é".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("large.txt"), new byte[10_000_001]);

        for (String where : List.of(
                "given: {body-file: %s}, expect: {body: x}",
                "answers: {a: [{}, {body-file: %s}]}, expect: {body: x}",
                "expect: {body-file: %s}",
                "expect: {nodes: {a: {body-file: %s}}}",
                "expect: {nodes: {a: [{body: x}, {body-file: %s}]}}",
                "expect: {nodes: {a: {in-any-order: [{body-file: %s}]}}}")) {
            assertThat(problems("cases: [{name: x, " + where.formatted(name) + "}]"))
                    .singleElement()
                    .asString()
                    .contains(problem.replace("FOLDER", folder.toString()));
        }
    }

    @Test
    void reportsAllProblemsInFileOrderAndOnePerPlace() throws IOException {
        assertThat(problems("""
                rout: call-api
                cases:
                  - name: one
                    answers:
                      send-request: [{statu: 200}, {fails: IOException, status: 200}, {body-file: x.json}]
                    expect: {json: {".[": 1}, order: [a]}
                  - expct: {body: x}
                    name: one
                """))
                .extracting(problem -> problem.substring(file.toString().length()))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(":1:1: unknown key 'rout'; did you mean 'route'?"),
                        line -> assertThat(line).startsWith(":5:23: unknown key 'statu'"),
                        line -> assertThat(line).startsWith(":5:36: conflicting keys"),
                        line -> assertThat(line).startsWith(":5:37: unknown exception 'IOException'"),
                        line -> assertThat(line).startsWith(":5:72: file "),
                        line -> assertThat(line).startsWith(":6:21: invalid jq expression"),
                        line -> assertThat(line).startsWith(":6:31: 'order' has one entry"),
                        line -> assertThat(line).startsWith(":7:5: unknown key 'expct'; did you mean 'expect'?"),
                        line -> assertThat(line).startsWith(":8:5: duplicate case name, first in line 3"));
    }

    @Test
    void escapesTerminalControlCharacters() throws IOException {
        assertThat(problems("cases: [{name: x, \"k\\ney\\e[31m\\u202e\": 1, expect: {body: x}}]"))
                .singleElement()
                .asString()
                .endsWith(":1:19: unknown key 'k ey\uFFFD[31m\uFFFD'; expected one of: answers, expect, given, name");
    }

    @Test
    void refusesInvalidUtf8() throws IOException {
        Files.write(file, "cases: é".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems()).containsExactly(file + ":1:8: invalid UTF-8: save the file as UTF-8");
    }

    /** YAML 1.1 takes some of these for booleans, numbers or dates. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "NO", "on", "1_000", "2026-01-02", ".inf", "1e999"})
    void unquotedWordsAreTexts(String word) throws IOException {
        assertThat(cases("cases: [{name: x, expect: {body: [" + word + "]}}]")
                        .getFirst()
                        .expected()
                        .get("body")
                        .value())
                .hasToString("[\"" + word + "\"]");
    }

    @Test
    void numbersBooleansAndNullKeepTheirTypes() throws IOException {
        assertThat(cases(
                                "cases: [{name: x, expect: {body: [1, -2, 1.5, 010, 12345678901234567890, true, null, ~, '1']}}]")
                        .getFirst()
                        .expected()
                        .get("body")
                        .value())
                .hasToString("[1,-2,1.5,10,12345678901234567890,true,null,null,\"1\"]");
    }

    private List<RouteCase> cases(String yaml) throws IOException {
        assertThat(problems(yaml)).isEmpty();
        return TestFiles.in(List.of(file)).readable().stream()
                .flatMap(TestFile::cases)
                .toList();
    }

    private List<String> problems(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return problems();
    }

    private List<String> problems() {
        return Problem.onePerPlace(TestFiles.in(List.of(file)).problems()).stream()
                .map(Problem::toString)
                .toList();
    }
}
