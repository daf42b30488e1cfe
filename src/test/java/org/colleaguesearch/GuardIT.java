package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An API that suddenly has nothing about many people, or a list of people that has lost many. */
@Timeout(600)
class GuardIT {
    private static final int PEOPLE = 60;

    /** The people about whom the API has nothing. */
    private final Set<Integer> empty = ConcurrentHashMap.newKeySet();

    private volatile int listed = PEOPLE;
    private final ScriptedServer api = new ScriptedServer(this::answer);

    @TempDir
    Path folder;

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void holdsWhatWouldEmptyTheSectionsOfEveryoneUntilItIsReleased() throws IOException {
        Index index = new Index("it-guard");
        try (App app = App.start(folder, arguments(index))) {
            Batch first = app.runBatch("test");
            Map<String, ObjectNode> before = index.documents();
            emptyFirst(PEOPLE);

            Batch second = app.runBatch("test");

            assertThat(run(second).state()).isEqualTo(State.HELD);
            assertThat(run(second).counts().held()).isEqualTo(PEOPLE);
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(index.documents()).isEqualTo(before);
            assertThat(csv(second)).isEqualTo(csv(first));
            String id = second.id() + "-patents";
            assertThat(app.call("get-run", "", Map.of("run_id", id))
                            .path("state")
                            .asText())
                    .isEqualTo("completed, held");
            JsonNode held = app.call("get-run-held", "", Map.of("run_id", id, "size", 2));
            assertThat(held.path("total").asInt()).isEqualTo(PEOPLE);
            assertThat(held.at("/held/1/person_id").asText()).isEqualTo("p01");
            assertThat(held.at("/held/1/items").asInt()).isEqualTo(2);

            Batch third = app.runBatch("test");
            assertThat(app.conflict("release-run-held", id)).contains("holds nothing");
            assertThat(app.call("get-run-held", "", Map.of("run_id", id))
                            .path("total")
                            .asInt())
                    .isZero();
            assertThat(folder.resolve("csv/patents")).isDirectoryNotContaining("glob:**" + second.id() + ".parts");

            String newest = third.id() + "-patents";
            app.call("release-run-held", "", Map.of("run_id", newest));

            await().untilAsserted(() -> assertThat(app.call("get-run", "", Map.of("run_id", newest))
                            .path("state")
                            .asText())
                    .isEqualTo("completed"));
            assertThat(app.call("get-run", "", Map.of("run_id", newest))
                            .path("held")
                            .asInt())
                    .isZero();
            assertThat(index.documents().values())
                    .hasSize(PEOPLE)
                    .allSatisfy(document -> assertThat(document.get("patents")).isEmpty());
            assertThat(csv(third).lines()).hasSize(1);
            assertThat(app.conflict("release-run-held", newest)).contains("holds nothing");
        }
    }

    @Test
    void deliversWhatWouldEmptyTheSectionsOfFew() throws IOException {
        Index index = new Index("it-guard-few");
        try (App app = App.start(folder, arguments(index))) {
            Batch first = app.runBatch("test");
            emptyFirst(6);

            Batch second = app.runBatch("test");

            assertThat(run(second).state()).isEqualTo(State.COMPLETED);
            assertThat(run(second).counts().documents()).isEqualTo(6);
            assertThat(run(second).counts().rows()).isEqualTo(2 * (PEOPLE - 6));
            assertThat(second.exitCode()).isZero();
            assertThat(index.documents().get("p05").get("patents")).isEmpty();
            assertThat(index.documents().get("p06").get("patents")).hasSize(2);
            assertThat(csv(second))
                    .isEqualTo(csv(first)
                            .lines()
                            .filter(line -> !line.matches("p0[0-5],.*"))
                            .collect(Collectors.joining("\r\n", "", "\r\n")));
        }
    }

    @Test
    void keepsTheSectionsWhenWhatIsHeldIsRejected() throws IOException {
        Index index = new Index("it-guard-reject");
        try (App app = App.start(folder, arguments(index))) {
            app.runBatch("test");
            Map<String, ObjectNode> before = index.documents();
            emptyFirst(30);
            Batch second = app.runBatch("test");
            String id = second.id() + "-patents";
            assertThat(run(second).state()).isEqualTo(State.HELD);

            JsonNode rejected = app.call("reject-run-held", "", Map.of("run_id", id));

            assertThat(rejected.path("total").asInt()).isZero();
            assertThat(app.call("get-run", "", Map.of("run_id", id))
                            .path("state")
                            .asText())
                    .isEqualTo("completed");
            assertThat(index.documents()).isEqualTo(before);

            empty.clear();
            Batch third = app.runBatch("test");

            assertThat(run(third).counts().unchanged()).isEqualTo(PEOPLE);
        }
    }

    @Test
    void holdsTheRemovalOfPeopleWhenTheListHasLostMany() throws IOException {
        Index index = new Index("it-guard-list");
        try (App app = App.start(folder, arguments(index))) {
            app.runBatch("test");
            listed = 20;

            Batch second = app.runBatch("test");

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(index.documents()).hasSize(PEOPLE);
            String id = second.id() + "-people";
            JsonNode held = app.call("get-run-held", "", Map.of("run_id", id));
            assertThat(held.path("total").asInt()).isEqualTo(40);
            assertThat(held.at("/held/0/person_id").asText()).isEqualTo("p20");

            app.call("release-run-held", "", Map.of("run_id", id));

            await().untilAsserted(() -> assertThat(index.documents()).hasSize(20));
            listed = PEOPLE;
            // It has no runs before the release has ended.
            Batch third = await().until(
                            () -> app.runBatch("test"), batch -> !batch.runs().isEmpty());
            assertThat(run(third).counts().documents()).isEqualTo(40);
            assertThat(index.documents()).hasSize(PEOPLE);
        }
    }

    private void emptyFirst(int people) {
        IntStream.range(0, people).forEach(empty::add);
    }

    private static Run run(Batch batch) {
        return batch.runs().getFirst();
    }

    private String csv(Batch batch) throws IOException {
        return Files.readString(folder.resolve("csv/patents").resolve(batch.id() + ".csv"));
    }

    private String[] arguments(Index index) {
        return index.arguments(
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.indexing.only=patents",
                "--colleagues.indexing.batch-size=13");
    }

    private Reply answer(Request request) {
        if (request.target().startsWith("/people?")) {
            return Replies.json(IntStream.range(0, listed)
                    .mapToObj(i -> "{\"id\":\"p%02d\",\"name\":\"Person %d\"}".formatted(i, i))
                    .collect(Collectors.joining(",", "{\"items\":[", "],\"next\":null}")));
        }
        String id = request.target().split("/", -1)[2];
        return Replies.json(empty.contains(Integer.valueOf(id.substring(1))) ? "{\"patents\":[]}" : """
                        {"patents":[{"number":"1-%1$s","title":"A"},{"number":"2-%1$s","title":"B"}]}""".formatted(id));
    }
}
