package org.colleaguesearch.routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the contract finds its broken example under src/test/resources/contract/, and nothing else there. */
class ContractTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/contract");
    private static final Contract CONTRACT = new Contract(Set.of("direct:entered"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "good|",
                "file-name|other-name.camel.yaml has the routes [example] in place of one with the file's name",
                "two-routes|first.camel.yaml has the routes [first, second] in place of one with the file's name",
                "indexer-names|indexers/books.camel.yaml has the routes [index-book] in place of index-books",
                "indexer-parameter|indexers/books.camel.yaml: templatedRoute index-books has the indexer papers",
                "no-template-description|example.camel.yaml: routeTemplate example: parameter name has no description",
                "no-node-id|example.camel.yaml: a node 'to' of route example has no id;example.camel.yaml: a node 'split' of route example has no id",
                "short-endpoint|example.camel.yaml: a node 'to' of route example has no id;example.camel.yaml: route example: 'to: log:x' is to be written with 'uri:'",
                "query-in-uri|example.camel.yaml: route example: the options of log:x?level=DEBUG belong under 'parameters:'",
                "no-producer|nothing sends to direct:example",
            })
    void findsEachProblem(String example, String problems) {
        List<String> found = CONTRACT.problems(RouteFiles.in(EXAMPLES.resolve(example)));

        List<String> expected = problems == null ? List.of() : Arrays.asList(problems.split(";", -1));
        assertThat(found).allMatch(line -> expected.stream().anyMatch(problem -> is(problem, line)));
        assertThat(expected).allMatch(problem -> found.stream().anyMatch(line -> is(problem, line)));
    }

    /** A problem that ends in * stands for all lines that begin so. */
    private static boolean is(String problem, String line) {
        return problem.endsWith("*") ? line.startsWith(problem.replace("*", "")) : line.equals(problem);
    }

    @Test
    void reportsTheProblemsOfAllFilesAtOnce() {
        assertThat(CONTRACT.problems(RouteFiles.in(EXAMPLES)))
                .anyMatch(line -> line.startsWith("no-node-id/"))
                .anyMatch(line -> line.startsWith("query-in-uri/"));
    }

    @Test
    void hasOneCaseForEachExample() throws Exception {
        String[] cases = ContractTest.class
                .getDeclaredMethod("findsEachProblem", String.class, String.class)
                .getAnnotation(CsvSource.class)
                .value();
        assertThat(Arrays.stream(cases).map(line -> line.replaceFirst("\\|.*", "")))
                .containsExactlyInAnyOrderElementsOf(examples());
    }

    private static List<String> examples() throws IOException {
        try (Stream<Path> folders = Files.list(EXAMPLES)) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        }
    }
}
