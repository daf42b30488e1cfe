package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class LargeRunIT {
    private static final int PEOPLE = 5_000;

    @TempDir
    Path folder;

    @Test
    void losesNothingOf20000Urls() throws IOException {
        List<ObjectNode> people = SamplePeople.madeUp(PEOPLE);
        Batch batch;
        try (FaultyApi api = new FaultyApi(people)) {
            for (int i = 0; i < PEOPLE; i += 100) {
                api.always(FaultyApi.path("p" + i, "geography"), FaultyApi.instead(Replies.error(404)));
            }
            batch = App.once(folder, "--colleagues.apis.default.base-url=" + api.url());

            assertThat(api.calls())
                    .hasSize(4 * PEOPLE + PEOPLE / 500)
                    .allSatisfy((path, calls) -> assertThat(calls).isEqualTo(1));
        }

        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(batch.runs()).extracting(run -> run.counts().urls()).containsOnly((long) PEOPLE);
        assertThat(App.errors(folder, "geography")).hasSize(PEOPLE / 100);
        for (String section : List.of("functions", "memberships", "patents")) {
            assertThat(App.errors(folder, section)).isEmpty();
            assertThat(App.rows(folder, section)).hasSize((int) SamplePeople.items(people, section));
        }
        try (Stream<String> lines = Files.lines(App.file(folder, "memberships", ".csv"))) {
            assertThat(lines.skip(1).map(line -> line.substring(0, line.indexOf(','))))
                    .containsExactlyElementsOf(people.stream()
                            .map(person -> person.get("id").textValue())
                            .toList());
        }
    }
}
