package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.settings.OpenToOthers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the people API to documents and rows, without mocks. */
class OneBatchIT {
    private static final Path SHARED_PEOPLE = Path.of("../shared/data/colleagues.jsonl");

    @TempDir
    Path folder;

    @Test
    void indexesEveryActivePersonWithEverySection() {
        Index index = new Index("it-demo");

        Batch batch = App.once(folder, index.arguments("--colleagues.csv.neutralise-formulas=false"));

        assertThat(batch.exitCode()).isZero();
        List<ObjectNode> active = SamplePeople.active(SamplePeople.read(Path.of("demo/people.jsonl")));
        assertThat(active).hasSize(240);
        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(active);
        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.rows(folder, section)).isEqualTo(rows(active, section, folder));
            assertThat(App.errors(folder, section)).isEmpty();
        }
        assertThat(App.files(folder.resolve("csv"))).hasSize(2 * SamplePeople.SECTIONS.size());
        assertThat(OpenToOthers.below(folder)).isEmpty();
    }

    /** The expected rows of a section's CSV file: one per item, in the order of the people. */
    private static List<Map<String, String>> rows(List<ObjectNode> people, String section, Path folder) {
        List<String> columns = columns(App.file(folder, section, ".csv"));
        List<Map<String, String>> rows = new ArrayList<>();
        for (ObjectNode person : people) {
            for (JsonNode item : person.get(section)) {
                Map<String, String> row = new LinkedHashMap<>();
                for (String column : columns) {
                    row.put(
                            column,
                            column.equals("person_id") ? person.get("id").asText() : text(item.get(column)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<String> columns(Path file) {
        try {
            return List.of(
                    Files.readString(file).lines().findFirst().orElseThrow().split(",", -1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(JsonNode value) {
        return value == null || value.isNull() ? "" : value.asText();
    }

    @Test
    void indexesThe619ActivePeopleOfTheSharedFile() {
        assumeTrue(Files.exists(SHARED_PEOPLE), () -> "skipped: there is no " + SHARED_PEOPLE);
        Index index = new Index("it-shared");

        Batch batch = App.once(folder, index.arguments("--colleagues.demo.people=" + SHARED_PEOPLE));

        assertThat(batch.exitCode()).isZero();
        List<ObjectNode> active = SamplePeople.active(SamplePeople.read(SHARED_PEOPLE));
        assertThat(index.count()).isEqualTo(619).isEqualTo(active.size());
        Map<String, ObjectNode> documents = index.documents();
        for (ObjectNode person : active) {
            ObjectNode document = documents.get(person.get("id").textValue());
            for (String section : SamplePeople.SECTIONS) {
                assertThat(document.get(section)).isEqualTo(person.get(section));
            }
        }
        for (String section : SamplePeople.SECTIONS) {
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(active, section));
            assertThat(App.errors(folder, section)).isEmpty();
        }
    }

    @Test
    void rowsDoNotDependOnTheNumberOfWorkers() throws IOException {
        List<ObjectNode> people = SamplePeople.madeUp(60);
        List<Path> folders = new ArrayList<>();
        try (FaultyApi api = new FaultyApi(people)) {
            for (int i = 0; i < 60; i += 9) {
                api.always(FaultyApi.path("p" + i, "patents"), FaultyApi.instead(Replies.error(404)));
            }
            for (int[] sizes : new int[][] {{1, 100}, {20, 1}, {20, 7}}) {
                Path to = folder.resolve(sizes[0] + "-" + sizes[1]);
                folders.add(to);
                assertThat(App.once(to, arguments(api, sizes[0], sizes[1])).exitCode())
                        .isEqualTo(1);
            }
        }

        for (String section : SamplePeople.SECTIONS) {
            for (String suffix : List.of(".csv", ".errors.csv")) {
                assertThat(folders)
                        .extracting(to -> Files.readString(App.file(to, section, suffix)))
                        .as(section + suffix)
                        .containsOnly(Files.readString(App.file(folders.get(0), section, suffix)));
            }
        }
        assertThat(App.errors(folders.get(0), "patents")).hasSize(7);
    }

    private static String[] arguments(FaultyApi api, int threads, int batchSize) {
        List<String> arguments = new ArrayList<>(List.of(
                "--colleagues.apis.default.base-url=" + api.url(), "--colleagues.indexing.batch-size=" + batchSize));
        for (String section : SamplePeople.SECTIONS) {
            arguments.add("--camel.threadpool.config." + section + ".pool-size=" + threads);
        }
        return arguments.toArray(String[]::new);
    }

    @Test
    void partialUpsertsKeepOtherSections() throws IOException {
        Index index = new Index("it-partial");
        List<ObjectNode> people = SamplePeople.madeUp(30);
        List<ObjectNode> changed = SamplePeople.madeUp(30);
        changed.forEach(person -> person.putArray("patents").addObject().put("number", "NEW"));
        try (FaultyApi before = new FaultyApi(people);
                FaultyApi after = new FaultyApi(changed)) {
            run(index, before, "patents");
            assertThat(index.documents().values())
                    .hasSize(30)
                    .allSatisfy(document -> assertThat(document.fieldNames())
                            .toIterable()
                            .containsExactlyInAnyOrder("id", "name", "active", "patents"));
            run(index, before, "functions,geography");
            run(index, after, "patents");
        }

        List<ObjectNode> expected = new ArrayList<>();
        for (ObjectNode person : changed) {
            expected.add(person.deepCopy().without(List.of("memberships")));
        }
        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private void run(Index index, FaultyApi api, String only) {
        Batch batch = App.once(
                folder,
                index.arguments(
                        "--colleagues.apis.default.base-url=" + api.url(), "--colleagues.indexing.only=" + only));
        assertThat(batch.exitCode()).isZero();
    }

    @Test
    void refusedDocumentBecomesAnErrorAndNoRow() throws IOException {
        Index index = new Index("it-refused");
        List<ObjectNode> people = SamplePeople.madeUp(30);
        // The index has a text there, which does not accept an object.
        people.get(7)
                .putArray("memberships")
                .addObject()
                .putObject("organization")
                .put("name", "x");
        Batch batch;
        try (FaultyApi api = new FaultyApi(people)) {
            batch = App.once(folder, index.arguments("--colleagues.apis.default.base-url=" + api.url()));
        }

        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(App.errors(folder, "memberships")).singleElement().satisfies(error -> {
            assertThat(error).containsEntry("person_id", "p7").containsEntry("attempts", "1");
            assertThat(error.get("url")).endsWith("/people/p7/memberships");
            assertThat(error.get("reason"))
                    .startsWith("OpenSearch refused the document: field 'memberships.organization' ")
                    .hasLineCount(1);
        });
        assertThat(App.rows(folder, "memberships"))
                .hasSize(29)
                .noneSatisfy(row -> assertThat(row).containsEntry("person_id", "p7"));
        Map<String, ObjectNode> documents = index.documents();
        assertThat(documents).hasSize(30);
        assertThat(documents.get("p7").has("memberships")).isFalse();
        assertThat(documents.get("p7").get("patents")).isEqualTo(people.get(7).get("patents"));
        assertThat(documents.get("p8").get("memberships"))
                .isEqualTo(people.get(8).get("memberships"));
    }
}
