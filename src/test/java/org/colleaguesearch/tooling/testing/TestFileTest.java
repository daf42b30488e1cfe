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
    void isOfTheRouteThatItIsNamedAfter() throws IOException {
        assertThat(cases("cases: [{name: works, expect: {body: x}}]"))
                .singleElement()
                .hasToString("fetch-url: works");
    }

    @Test
    void isOfTheRouteThatItNames() throws IOException {
        assertThat(cases("{route: call-api, cases: [{name: works, expect: {body: x}}]}"))
                .singleElement()
                .hasToString("call-api: works");
    }

    /** Each in place of all of {@code cases}, where line 2 begins. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cases: []                                                       | 2:1: 'cases' is empty: write at least one case",
                "case: []                                                        | 2:1: unknown key 'case'; did you mean 'cases'?",
                "cases: {}                                                       | 2:1: 'cases' must be a list, and is a map",
                "cases:                                                          | 2:1: 'cases' must be a list, and is nothing",
                "cases: [text]                                                   | 2:9: an item of 'cases' must be a map, and is a text",
                "text                                                            | 2:1: a test file must be a map, and is a text",
                "cases: [{expect: {body: x}}]                                    | 2:9: 'name' is missing here: add it",
                "cases: [{name: x}]                                              | 2:9: 'expect' is missing here: add it",
                "cases: [{name: '', expect: {body: x}}]                          | 2:10: 'name' is empty: say something",
                "cases: [{name: x, expect: {}}]                                  | 2:19: 'expect' is empty: say something",
                "cases: [{name: 404, expect: {body: x}}]                         | 2:10: 'name' must be a text, and is 404: put it in quotes",
                "cases: [{name: x, expct: {}, expect: {body: x}}]                | 2:19: unknown key 'expct'; did you mean 'expect'?",
                "cases: [{name: x, expct: {body: x}}]                            | 2:19: unknown key 'expct'; did you mean 'expect'?",
                "cases: [{name: x, expect: {nodes: {a: {call: 1}}}}]             | 2:40: unknown key 'call'; did you mean 'calls'?",
                "cases: [{name: x, expect: {nodes: {a: 1}}}]                     | 2:36: 'a' must be a map or a list, and is 1",
                "cases: [{name: x, expect: {nodes: {a: {calls: -1}}}}]           | 2:40: 'calls' must be at least 0, and is -1",
                "cases: [{name: x, expect: {order: []}}]                         | 2:28: 'order' is empty: say something, or leave it out",
                "cases: [{name: x, expect: {order: [a]}}]                        | 2:28: 'order' has one entry: it takes 2 or more",
                "cases: [{name: x, expect: {json: {'.[': 1}}}]                   | 2:35: this jq expression does not compile: ",
                "cases: [{name: x, expect: {json: {lenght: 1}}}]          | 2:35: this jq expression does not compile: unknown function 'lenght'; did you mean 'length'?",
                "cases: [{name: x, expect: {nodes: {a: {in-any-order: [{json: {'.[': 1}}]}}}}] | 2:63: this jq expression",
                "cases: [{name: x, expect: {body: x, body-file: fetch-url.test.yaml}}] | 2:19: too much is said here: give one of 'body' and 'body-file'",
                "cases: [{name: x, given: {boddy: 1}, expect: {body: x}}]        | 2:27: unknown key 'boddy'; did you mean 'body'?",
                "cases: [{name: x, given: {body: 1, query: x}, expect: {body: x}}] | 2:19: too much is said here: give one of 'body',",
                "cases: [{name: x, given: {batch: {}, chunk: {indexer: a, people: [b]}}, expect: {body: x}}] | 2:19: too much is said here",
                "cases: [{name: x, given: {batch: {indexers: [a, a]}}, expect: {body: x}}] | 2:35: 'indexers' has one twice: leave it out",
                "cases: [{name: x, given: {chunk: {people: [a]}}, expect: {body: x}}] | 2:27: 'indexer' is missing here: add it",
                "cases: [{name: x, given: {chunk: {indexer: a, people: []}}, expect: {body: x}}] | 2:47: 'people' is empty",
                "cases: [{name: x, given: {chunk: {indexer: a, people: ['']}}, expect: {body: x}}] | 2:56: an item of 'people' is empty",
                "cases: [{name: x, given: {outcomes: {indexer: a, of: [{person: b, status: 404}]}}, expect: {body: x}}] | 2:55: this says why something fails: add 'fails', or leave it out",
                "cases: [{name: x, answers: {a: {}}, expect: {body: x}}]         | 2:29: 'a' must be a list, and is a map",
                "cases: [{name: x, answers: {a: [{status: 99}]}, expect: {body: x}}] | 2:34: 'status' must be at least 200, and is 99",
                "cases: [{name: x, answers: {a: [{status: 600}]}, expect: {body: x}}] | 2:34: 'status' must be at most 599, and is 600",
                "cases: [{name: x, answers: {a: [{status: '200'}]}, expect: {body: x}}] | 2:34: 'status' must be a whole number, and is a text",
                "cases: [{name: x, answers: {a: [{status: 20.5}]}, expect: {body: x}}] | 2:34: 'status' must be a whole number, and is 20.5",
                "cases: [{name: x, answers: {a: [{delay: 1h}]}, expect: {body: x}}] | 2:34: 'delay' must be like 50ms or 2s, at most 5s, and is 1h",
                "cases: [{name: x, answers: {a: [{delay: 5}]}, expect: {body: x}}] | 2:34: 'delay' must be like 50ms or 2s, at most 5s, and is 5",
                "cases: [{name: x, answers: {a: [{delay: 5001ms}]}, expect: {body: x}}] | 2:34: 'delay' must be",
                "cases: [{name: x, answers: {a: [{body: 1, fails: java.io.IOException}]}, expect: {body: x}}] | 2:33: too much is said here: give one of 'body', 'body-file' and 'fails'",
                "cases: [{name: x, answers: {a: [{message: x}]}, expect: {body: x}}] | 2:33: this says why something fails: add 'fails'",
                "cases: [{name: x, answers: {a: [{fails: java.lang.Strin}]}, expect: {body: x}}] | 2:34: there is no exception java.lang.Strin",
                "cases: [{name: x, answers: {a: [{fails: java.lang.String}]}, expect: {body: x}}] | 2:34: there is no exception",
                "cases: [{name: x, answers: {a: [{fails: org.springframework.dao.DataAccessException}]}, expect: {body: x}}] | 2:34: org.springframework.dao.DataAccessException is abstract",
                "cases: [{name: x, name: y, expect: {body: x}}]                  | 2:19: duplicate key 'name', first in line 2",
                "cases: [{name: x, expect: {body: 1}}, {name: x, expect: {body: 2}}] | 2:40: the name is that of the case in line 2, too: give this another",
                "cases: [{name: x, expect: {body: *a}}]                          | 2:34: invalid YAML: found undefined alias a",
                "cases: [                                                        | invalid YAML",
            })
    void saysWhereWhatIsWrongAndWhatToDo(String yaml, String problem) throws IOException {
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
                "x.json     | there is no file FOLDER/x.json: write its path from where this one is",
                ".          | there is no file FOLDER/.: write",
                "/dev/zero  | there is no file /dev/zero",
                "torn.json  | torn.json is not JSON, in line 2: ",
                "latin.txt  | latin.txt is not UTF-8: save it as UTF-8",
                "large.txt  | is larger than 10 MB",
                "'\"a\\0b\"' | this is no path: ",
            })
    void saysWhatIsWrongWithAFileOfABody(String name, String problem) throws IOException {
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
    void saysAllThatIsWrongInTheOrderOfTheFileAndOneThingAPlace() throws IOException {
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
                        line -> assertThat(line).startsWith(":5:36: too much is said here"),
                        line -> assertThat(line).startsWith(":5:37: there is no exception IOException"),
                        line -> assertThat(line).startsWith(":5:72: there is no file"),
                        line -> assertThat(line).startsWith(":6:21: this jq expression"),
                        line -> assertThat(line).startsWith(":6:31: 'order' has one entry"),
                        line -> assertThat(line).startsWith(":7:5: unknown key 'expct'; did you mean 'expect'?"),
                        line -> assertThat(line).startsWith(":8:5: the name is that of the case in line 3, too"));
    }

    @Test
    void saysNothingThatATerminalWouldTakeForCommands() throws IOException {
        assertThat(problems("cases: [{name: x, \"k\\ney\\e[31m\\u202e\": 1, expect: {body: x}}]"))
                .singleElement()
                .asString()
                .endsWith(":1:19: unknown key 'k ey\uFFFD[31m\uFFFD'; there are answers, expect, given, name");
    }

    @Test
    void refusesWhatIsNoUtf8() throws IOException {
        Files.write(file, "cases: é".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems()).containsExactly(file + ":1:8: this is not UTF-8: save the file as UTF-8");
    }

    /** Which older YAML takes for true, false and 8. */
    @ParameterizedTest
    @ValueSource(strings = {"yes", "NO", "on", "1_000", "2026-01-02", ".inf", "1e999"})
    void wordsThatAreNoNumbersAreTexts(String word) throws IOException {
        assertThat(cases("cases: [{name: x, expect: {body: [" + word + "]}}]")
                        .getFirst()
                        .expected()
                        .get("body")
                        .value())
                .hasToString("[\"" + word + "\"]");
    }

    @Test
    void numbersAndTheLikeAreThose() throws IOException {
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
