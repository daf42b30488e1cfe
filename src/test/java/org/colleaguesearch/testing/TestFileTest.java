package org.colleaguesearch.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(read("cases: [{name: works, expect: {body: x}}]"))
                .singleElement()
                .hasToString("fetch-url: works");
    }

    @Test
    void isOfTheRouteThatItNames() throws IOException {
        assertThat(read("{route: call-api, cases: [{name: works, expect: {body: x}}]}"))
                .singleElement()
                .hasToString("call-api: works");
    }

    /** Each in place of all of {@code cases}, where line 2 begins. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cases: []                                                       | 2:1: cases is empty",
                "case: []                                                        | 2:1: unknown key 'case'; did you mean 'cases'?",
                "cases: {}                                                       | 2:1: cases must be a list, and is a map",
                "cases: [{expect: {body: x}}]                                    | 2:9: 'name' is missing here: add it",
                "cases: [{name: x}]                                              | 2:9: 'expect' is missing here: add it",
                "cases: [{name: x, expect: {}}]                                  | 2:19: expect is empty",
                "cases: [{name: x, expct: {}, expect: {body: x}}]                | 2:19: unknown key 'expct'; did you mean 'expect'?",
                "cases: [{name: x, expect: {nodes: {a: {call: 1}}}}]             | 2:40: unknown key 'call'; did you mean 'calls'?",
                "cases: [{name: x, expect: {nodes: {a: 1}}}]                     | 2:36: a must be a map or a list, and is a number",
                "cases: [{name: x, expect: {json: {'.[': 1}}}]                   | 2:35: is no jq expression",
                "cases: [{name: x, expect: {body-file: x.json}}]                 | 2:28: cannot read",
                "cases: [{name: x, given: {boddy: 1}, expect: {body: x}}]        | 2:27: unknown key 'boddy'; did you mean 'body'?",
                "cases: [{name: x, given: {chunk: {people: []}}, expect: {body: x}}] | 2:27: 'indexer' is missing here",
                "cases: [{name: x, answers: {a: {}}, expect: {body: x}}]         | 2:29: a must be a list, and is a map",
                "cases: [{name: x, answers: {a: [{status: 99}]}, expect: {body: x}}] | 2:34: status is out of range",
                "cases: [{name: x, answers: {a: [{delay: 1h}]}, expect: {body: x}}] | 2:34: delay must be like 50ms or 2s",
                "cases: [{name: x, answers: {a: [{body: 1, fails: x}]}, expect: {body: x}}] | 2:33: 'body', 'body-file' and 'fails'",
                "cases: [{name: x, answers: {a: [{message: x}]}, expect: {body: x}}] | 2:33: 'message' is the message of",
                "cases: [{name: x, answers: {a: [{fails: java.lang.Strin}]}, expect: {body: x}}] | 2:34: there is no exception java.lang.Strin",
                "cases: [{name: x, answers: {a: [{fails: java.lang.String}]}, expect: {body: x}}] | 2:34: there is no exception",
                "cases: [{name: x, name: y, expect: {body: x}}]                  | 2:19: 'name' is here twice, first in line 2",
                "cases: [{name: x, expect: {body: *a}}]                          | 2:34: there is no &a before this",
                "cases: [                                                        | this is no YAML",
            })
    void saysWhereWhatIsWrongAndWhatToDo(String yaml, String problem) {
        assertThatThrownBy(() -> read("# A test.\n" + yaml))
                .isInstanceOf(UnreadableTest.class)
                .hasMessageStartingWith(file + ":")
                .hasMessageContaining(problem);
    }

    @Test
    void saysAllThatIsWrongWithAllFiles() throws IOException {
        Path other = Files.writeString(folder.resolve("call-api.test.yaml"), "cases: 1");
        Files.writeString(file, "{case: 1, cases: [{nam: x, expect: {body: x}}]}");

        assertThatThrownBy(() -> TestFile.read(List.of(file, other)))
                .message()
                .hasLineCount(4)
                .contains(
                        file + ":1:2: unknown key 'case'",
                        file + ":1:20: unknown key 'nam'; did you mean 'name'?",
                        file + ":1:19: 'name' is missing",
                        other + ":1:1: cases must be a list");
    }

    @Test
    void refusesWhatIsNoUtf8() throws IOException {
        Files.write(file, "cases: é".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> TestFile.read(List.of(file)))
                .hasMessage(file + ":1:8: this is not UTF-8: save the file as UTF-8");
    }

    @Test
    void refusesFilesThatAreNoTestsOrNotThere() {
        Path route = folder.resolve("fetch-url.camel.yaml");

        assertThatThrownBy(() -> TestFile.of(List.of(route)))
                .hasMessage(route + ": is no test, by its name, which must end in .test.yaml");
        assertThatThrownBy(() -> TestFile.read(List.of(file)))
                .hasMessageStartingWith(file + ":1:1: the file cannot be read");
    }

    @Test
    void findsTheTestsOfAFolderAndThoseBelow() throws IOException {
        Path below = Files.createDirectories(folder.resolve("api")).resolve("get-run.test.yaml");
        Files.writeString(file, "");
        Files.writeString(below, "");
        Files.writeString(folder.resolve("get-run.camel.yaml"), "");

        assertThat(TestFile.of(List.of(folder))).containsExactly(below, file);
    }

    private List<RouteCase> read(String yaml) throws IOException {
        Files.writeString(file, yaml);
        return TestFile.read(List.of(file));
    }
}
