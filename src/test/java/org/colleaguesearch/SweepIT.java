package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Whom the index still has after a batch from whose list of people some are missing. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(300)
class SweepIT {
    @TempDir
    Path folder;

    @Test
    void thoseWhoLeftGoAndTheOthersStayAsTheyAre(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep");
        List<ObjectNode> before = People.madeUp(30);
        before.add(People.person("a/b \"c\"\n=é", 3));
        List<ObjectNode> after = People.madeUp(30);
        after.get(4).put("active", false);

        index(index, before);
        index(index, after);

        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(People.active(after));
        assertThat(output).contains("sweep: 2 of 31 people in the index are no longer active: a/b \"c\"");
    }

    @Test
    void nobodyGoesWhenTooManyWould(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-refused");

        index(index, People.madeUp(30));
        Batch batch = index(index, People.madeUp(19));

        assertThat(batch.exitCode()).isZero();
        assertThat(index.count()).isEqualTo(30);
        assertThat(output)
                .contains("sweep refused: 11 of 30 people in the index are no longer active: p19, p20, ")
                .contains("if that is right, raise colleagues.opensearch.sweep.max-share or max-people for a batch");

        index(index, People.madeUp(19), "--colleagues.opensearch.sweep.max-people=11");
        assertThat(index.count()).isEqualTo(19);
    }

    @Test
    void nobodyGoesInADryRunNorWhenItIsOff(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-dry-run");

        index(index, People.madeUp(10));
        index(index, People.madeUp(9), "--colleagues.opensearch.sweep.mode=off");
        assertThat(output).doesNotContain("no longer active");
        index(index, People.madeUp(9), "--colleagues.opensearch.sweep.mode=dry-run");

        assertThat(index.count()).isEqualTo(10);
        assertThat(output)
                .contains("sweep, dry run: 1 of 10 people in the index are no longer active: p9; nothing is removed");
    }

    @Test
    void nobodyGoesWhenTheListOfPeopleBreaksOff(CapturedOutput output) throws IOException {
        Index index = new Index("it-sweep-list");
        List<ObjectNode> people = People.madeUp(502);

        index(index, people, "--colleagues.indexing.only=memberships");
        try (FaultyApi api = new FaultyApi(people)) {
            api.always("/people?active=true&page=2", instead(Replies.error(404)));
            assertThat(App.once(folder, index.arguments("--colleagues.api.base-url=" + api.url()))
                            .exitCode())
                    .isEqualTo(2);
        }

        assertThat(index.count()).isEqualTo(502);
        assertThat(output).doesNotContain("no longer active");
    }

    /** Pages of 1,000, and those who left on each. */
    @Test
    void thoseWhoLeftAreFoundAmongMoreThanAPageOfPeople() throws IOException {
        Index index = new Index("it-sweep-pages");
        List<ObjectNode> before = People.madeUp(2100);
        List<ObjectNode> after = People.madeUp(2100);
        for (int left : List.of(0, 1, 999, 1000, 1001, 1500, 2099)) {
            after.get(left).put("active", false);
        }

        index(index, before, "--colleagues.indexing.only=memberships");
        index(index, after, "--colleagues.indexing.only=memberships");

        assertThat(index.documents().keySet())
                .containsExactlyInAnyOrderElementsOf(People.active(after).stream()
                        .map(person -> person.get("id").textValue())
                        .toList());
    }

    private Batch index(Index index, List<ObjectNode> people, String... others) throws IOException {
        try (FaultyApi api = new FaultyApi(people)) {
            Batch batch = App.once(
                    folder,
                    index.arguments(
                            Stream.concat(Stream.of("--colleagues.api.base-url=" + api.url()), Stream.of(others))
                                    .toArray(String[]::new)));
            assertThat(batch.exitCode()).isZero();
            return batch;
        }
    }
}
