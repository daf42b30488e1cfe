package org.colleaguesearch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The people shipped in demo/people.jsonl. */
class DemoPeopleTest {
    private static final Path FILE = Path.of("demo/people.jsonl");
    private static final Map<String, Set<String>> ALWAYS_THERE = Map.of(
            "patents", Set.of("number", "title", "date"),
            "memberships", Set.of("organization", "since", "patents"),
            "geography", Set.of("city", "country", "since", "until"),
            "functions", Set.of("code", "title", "patents"));

    private static List<JsonNode> people;

    @BeforeAll
    static void read() throws IOException {
        ObjectMapper json = new ObjectMapper();
        people = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            people.add(json.readTree(line));
        }
    }

    @Test
    void areThreeHundredOfWhom240AreActive() {
        assertThat(people).hasSize(300);
        assertThat(people.stream().filter(person -> person.get("active").booleanValue()))
                .hasSize(240);
    }

    @Test
    void fitInOneMebibyte() {
        assertThat(FILE).satisfies(file -> assertThat(Files.size(file)).isLessThan(1 << 20));
    }

    @Test
    void haveUniqueIdsMarkedAsDemo() {
        assertThat(texts("id")).doesNotHaveDuplicates().allMatch(id -> id.startsWith("demo:"));
    }

    @Test
    void areMarkedAsMadeUpInEverySection() {
        assertThat(cells("patents", "number")).doesNotHaveDuplicates().allMatch(number -> number.startsWith("DEMO-"));
        assertThat(cells("memberships", "organization")).allMatch(name -> name.startsWith("DEMO-"));
    }

    @Test
    void haveEverySectionAsListWithItsFields() {
        for (JsonNode person : people) {
            assertThat(person.fieldNames())
                    .toIterable()
                    .containsExactly("id", "name", "active", "patents", "memberships", "geography", "functions");
            ALWAYS_THERE.forEach((section, fields) -> {
                assertThat(person.get(section).isArray())
                        .as("%s of %s", section, person.get("id"))
                        .isTrue();
                person.get(section)
                        .forEach(item -> assertThat(item.fieldNames())
                                .toIterable()
                                .as("%s of %s", section, person.get("id"))
                                .containsAll(fields));
            });
        }
    }

    @Test
    void includeValuesThatCsvAndUrlsMakeHard() {
        assertThat(cells("patents", "title"))
                .anyMatch(title -> title.startsWith("="))
                .anyMatch(title -> title.startsWith("-"))
                .anyMatch(title -> title.startsWith("+"))
                .anyMatch(title -> title.startsWith("@"))
                .anyMatch(title -> title.startsWith("\t"))
                .anyMatch(title -> title.contains("\n"))
                .anyMatch(title -> title.contains("\""))
                .anyMatch(title -> title.contains(","));
        assertThat(String.join("", texts("id"))).contains(" ", "/", "%", "?", "#", "+", "&", "ü");
        assertThat(texts("name").stream().distinct().count()).as("homonyms").isLessThan(300);
        for (String section : ALWAYS_THERE.keySet()) {
            assertThat(people).anyMatch(person -> person.get(section).isEmpty());
            assertThat(people).anyMatch(person -> person.get(section).size() > 1);
        }
    }

    @Test
    void coverManyFieldsOfWork() {
        Set<String> mainClasses = people.stream()
                .map(person -> person.at("/functions/0/code").asText())
                .filter(code -> !code.isEmpty())
                .collect(Collectors.toSet());
        assertThat(mainClasses).hasSizeGreaterThanOrEqualTo(15);
    }

    @Test
    void areAllServed() {
        try (DemoApi api = new DemoApi(new Settings.Demo(FILE, 0));
                DemoClient client = new DemoClient(api.start())) {
            assertThat(client.follow("/people?active=true&page=1&size=100")).hasSize(240);
            for (JsonNode person : people) {
                String id = person.get("id").textValue();
                JsonNode answer = client.json(DemoClient.section(id, "patents"));
                assertThat(answer.get("id").textValue()).isEqualTo(id);
                assertThat(answer.get("patents")).isEqualTo(person.get("patents"));
            }
        }
    }

    @Test
    void areReproducedByteForByteByTheirScript(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(isOnPath("python3"), "python3 is not installed, so make-people.py cannot be run");
        Path script = Files.copy(Path.of("demo/make-people.py"), folder.resolve("make-people.py"));
        Path log = folder.resolve("log");

        Process process = new ProcessBuilder("python3", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(folder.resolve("people.jsonl")).hasSameBinaryContentAs(FILE);
    }

    private static boolean isOnPath(String command) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private static List<String> texts(String field) {
        return people.stream().map(person -> person.get(field).textValue()).toList();
    }

    private static List<String> cells(String section, String field) {
        return people.stream()
                .flatMap(person -> items(person.get(section)))
                .map(item -> item.get(field).asText())
                .toList();
    }

    private static Stream<JsonNode> items(JsonNode list) {
        List<JsonNode> items = new ArrayList<>();
        list.forEach(items::add);
        return items.stream();
    }
}
