package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** Who remains in the index after a batch whose people list lacks some people. */
@Timeout(900)
class SweepIT {
    private static final String MEMBERSHIPS = "--colleagues.indexing.only=memberships";

    private final FaultyApi api = new FaultyApi(List.of());

    @TempDir
    Path folder;

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void removesPeopleWhoLeftAndKeepsTheOthersUnchanged(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep");
        List<ObjectNode> before = SamplePeople.madeUp(30);
        before.add(SamplePeople.person("a/b \"c\"\n=é", 3));
        List<ObjectNode> after = SamplePeople.madeUp(30);
        after.get(4).put("active", false);

        try (App app = app(index)) {
            index(app, before);
            index(app, after);
        }

        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(SamplePeople.active(after));
        assertThat(output).contains("sweep: 2 of 31 people in the index are no longer active: a/b \"c\"");
    }

    @Test
    void removesNobodyWhenTooManyWouldGo(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-refused");

        try (App app = app(index)) {
            index(app, SamplePeople.madeUp(30));
            Batch batch = indexAndHold(app, SamplePeople.madeUp(19));

            assertThat(index.count()).isEqualTo(30);
            assertThat(output)
                    .contains("sweep held: 11 of 30 people in the index are no longer active: p19, p20, ")
                    .contains("release or reject " + batch.id() + "-people");
        }

        try (App app = app(index, "--colleagues.opensearch.sweep.max-people=11")) {
            index(app, SamplePeople.madeUp(19));
        }
        assertThat(index.count()).isEqualTo(19);
    }

    @Test
    void removesNobodyInDryRunModeOrWhenOff(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-dry-run");

        try (App app = app(index, "--colleagues.opensearch.sweep.mode=off")) {
            index(app, SamplePeople.madeUp(10));
            index(app, SamplePeople.madeUp(9));
        }
        assertThat(output).doesNotContain("no longer active");
        try (App app = app(index, "--colleagues.opensearch.sweep.mode=dry-run")) {
            index(app, SamplePeople.madeUp(9));
        }

        assertThat(index.count()).isEqualTo(10);
        assertThat(output)
                .contains("sweep, dry run: 1 of 10 people in the index are no longer active: p9; nothing is removed");
    }

    @Test
    void removesNobodyWhenThePeopleListIsTruncated(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-list");
        List<ObjectNode> people = SamplePeople.madeUp(502);

        try (App app = app(index, MEMBERSHIPS)) {
            index(app, people);
            api.always("/people?active=true&page=2", instead(Replies.error(404)));
            assertThat(run(app, people).exitCode()).isEqualTo(2);
        }

        assertThat(index.count()).isEqualTo(502);
        assertThat(output).doesNotContain("no longer active");
    }

    /** Pages of 1,000, with people who left on each page. */
    @Test
    void findsPeopleWhoLeftAcrossPages() throws IOException {
        Index index = new Index("it-sweep-pages");
        List<ObjectNode> before = SamplePeople.madeUp(2100);
        List<ObjectNode> after = SamplePeople.madeUp(2100);
        for (int left : List.of(0, 1, 999, 1000, 1001, 1500, 2099)) {
            after.get(left).put("active", false);
        }

        try (App app = app(index, MEMBERSHIPS)) {
            index(app, before);
            index(app, after);
        }

        assertThat(index.documents().keySet())
                .containsExactlyInAnyOrderElementsOf(SamplePeople.active(after).stream()
                        .map(person -> person.get("id").textValue())
                        .toList());
    }

    /** More than a page of them, so that one page has nothing else. */
    @Test
    void otherDocumentsStayAndDoNotCountAsPeople(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-foreign");
        StringBuilder bulk = new StringBuilder();
        for (int i = 0; i < 1_100; i++) {
            bulk.append("{\"index\":{\"_id\":\"x").append(i).append("\"}}\n{\"name\":\"not a person\"}\n");
        }
        for (String line : List.of(
                "{\"index\":{\"_id\":\"5\"}}\n{\"id\":5}",
                "{\"index\":{\"_id\":\"true\"}}\n{\"id\":true}",
                "{\"index\":{\"_id\":\"null\"}}\n{\"id\":null}",
                "{\"index\":{\"_id\":\"list\"}}\n{\"id\":[\"list\"]}",
                "{\"index\":{\"_id\":\"other\"}}\n{\"id\":\"p3\"}",
                "{\"index\":{\"_id\":\"same\"}}\n{\"id\":\"p3\"}",
                "{\"index\":{\"_id\":\"routed\",\"routing\":\"r\"}}\n{\"id\":\"routed\"}",
                "{\"index\":{}}\n{}")) {
            bulk.append(line).append('\n');
        }
        try (App app = app(index, MEMBERSHIPS)) {
            index(app, SamplePeople.madeUp(30));
            assertThat(Index.call("POST", "/it-sweep-foreign/_bulk", bulk.toString())
                            .get("errors")
                            .booleanValue())
                    .isFalse();

            // 11 of 30 would go, which is too many; it would not be if other documents counted as people.
            indexAndHold(app, SamplePeople.madeUp(19));
            assertThat(output).contains("sweep held: 11 of 30 people in the index are no longer active: p19, p20, ");
            index(app, SamplePeople.madeUp(29));
        }

        assertThat(index.count()).isEqualTo(29 + 1_108);
        assertThat(output)
                .contains("sweep: 1 of 30 people in the index are no longer active: p29; removed their documents");
        assertThat(output.getOut().lines().filter(line -> line.contains("that are not people")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("the index has 1108 documents that are not people")
                        .endsWith(", …; the sweep ignores them; delete them if they do not belong there"));
    }

    /** Ids that the field id does not index, or that sort differently from their text. */
    @ParameterizedTest
    @ValueSource(
            strings = {"{\"type\":\"keyword\",\"ignore_above\":4}", "{\"type\":\"text\"}", "{\"type\":\"keyword\"}"})
    void findsAllKindsOfIdsWithAnyMappingOfTheIdField(String mapping) throws IOException {
        Index index = new Index("it-sweep-ids-" + Integer.toHexString(mapping.hashCode()));
        Index.call("PUT", "/" + index.alias() + "-2020", """
                {"settings":{"number_of_shards":3,"number_of_replicas":0},"aliases":{"%s":{}},
                 "mappings":{"properties":{"id":%s}}}""".formatted(index.alias(), mapping));
        List<String> odd = List.of(
                "é".repeat(256), "e\u0301".repeat(100), "😀", "ｆ", "z z", "a,b", "\"", "\\", "A", "a", "1", "01");
        List<ObjectNode> before = SamplePeople.madeUp(12);
        odd.forEach(id -> before.add(SamplePeople.person(id, 1)));
        List<ObjectNode> after = SamplePeople.madeUp(12);
        after.remove(3);
        odd.stream().skip(6).forEach(id -> after.add(SamplePeople.person(id, 1)));

        try (App app = app(index, MEMBERSHIPS)) {
            index(app, before);
            assertThat(index.count()).isEqualTo(24);
            index(app, after);
        }

        assertThat(index.documents().keySet())
                .containsExactlyInAnyOrderElementsOf(after.stream()
                        .map(person -> person.get("id").textValue())
                        .toList());
    }

    /** In the same folder, as for a user who moves from the demo to their own list and then to an API. */
    @Test
    void removesAnyNumberOfDemoPeopleWhenRealPeopleReplaceThem(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-demo");
        demo(index, madeUp(40));
        assertThat(index.count()).isEqualTo(40);

        // No demo people, but one real person whose id looks like theirs.
        List<ObjectNode> own = SamplePeople.madeUp(3);
        own.add(SamplePeople.person("demo:kept", 1));
        demo(index, own);
        assertThat(index.documents().keySet()).containsExactly("demo:kept", "p0", "p1", "p2");
        assertThat(output)
                .contains("sweep: removed 40 made-up people of the demo who are not in the list of people: demo:0, ");

        try (App app = app(index)) {
            index(app, SamplePeople.madeUp(5));
        }
        assertThat(index.documents().keySet()).containsExactly("p0", "p1", "p2", "p3", "p4");
        assertThat(output).doesNotContain("sweep held");
    }

    @Test
    void removesDemoPeopleEvenWhenTooManyRealPeopleWouldGo(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-demo-left");
        List<ObjectNode> polluted = SamplePeople.madeUp(30);
        polluted.addAll(madeUp(40));
        try (App app = app(index, "--colleagues.opensearch.sweep.mode=dry-run")) {
            index(app, polluted);
            assertThat(index.count()).isEqualTo(70);

            index(app, SamplePeople.madeUp(10));
            assertThat(index.count()).isEqualTo(70);
            assertThat(output).contains("sweep, dry run: 40 of 70 people");
        }
        try (App app = app(index)) {
            indexAndHold(app, SamplePeople.madeUp(10));
        }

        assertThat(index.count()).isEqualTo(30);
        assertThat(output).contains("sweep held: 20 of 30 people in the index are no longer active: p10, ");
    }

    @Test
    void demoDoesNotStartWhenTheIndexHasRealPeople() throws IOException {
        Index index = new Index("it-sweep-no-demo");
        try (App app = app(index)) {
            index(app, SamplePeople.madeUp(2));
        }
        Index.call("PUT", "/it-sweep-no-demo/_doc/foreign", "{\"id\":5}");

        assertThatThrownBy(() -> demo(index, madeUp(40)))
                .rootCause()
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith(
                        "colleagues.apis.default.base-url is not set, so the demo would add made-up people to"
                                + " the index it-sweep-no-demo, which has real people (p0, p1): set");

        assertThat(index.documents().keySet()).containsExactly("foreign", "p0", "p1");
    }

    private static List<ObjectNode> madeUp(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> SamplePeople.person("demo:" + i, i))
                .toList();
    }

    /** With the demo API, which is used without a base URL. */
    private void demo(Index index, List<ObjectNode> people) throws IOException {
        Path file = Files.write(
                folder.resolve("people.jsonl"),
                people.stream().map(ObjectNode::toString).toList());
        assertThat(App.once(folder, index.arguments("--colleagues.demo.people=" + file))
                        .exitCode())
                .isZero();
    }

    private App app(Index index, String... others) {
        return App.start(
                folder,
                index.arguments(
                        Stream.concat(Stream.of("--colleagues.apis.default.base-url=" + api.url()), Stream.of(others))
                                .toArray(String[]::new)));
    }

    private void index(App app, List<ObjectNode> people) {
        assertThat(run(app, people).exitCode()).isZero();
    }

    /** Indexes people, after which too many would be removed. */
    private Batch indexAndHold(App app, List<ObjectNode> people) {
        Batch batch = run(app, people);
        assertThat(batch.state()).isEqualTo(State.COMPLETED);
        assertThat(batch.exitCode()).isEqualTo(1);
        return batch;
    }

    private Batch run(App app, List<ObjectNode> people) {
        api.serve(people);
        return app.runBatch("test");
    }
}
