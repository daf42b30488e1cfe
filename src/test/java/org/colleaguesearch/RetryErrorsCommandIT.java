package org.colleaguesearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.colleaguesearch.Packaged.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code --retry-errors}, also after a kill. */
@Timeout(900)
class RetryErrorsCommandIT {
    private final List<ObjectNode> people = SamplePeople.madeUp(40);

    @TempDir
    Path folder;

    @Test
    void exitCodeReportsTheResultAndAKilledRetryIsRepeated() throws Exception {
        Packaged application = Packaged.unpackedIn(folder.resolve("application"));
        // CSV files show this id with an apostrophe.
        people.add(0, SamplePeople.person("=p", 7));
        String slow = FaultyApi.path("p33", "patents");
        try (FaultyApi api = new FaultyApi(people)) {
            api.first(FaultyApi.path("=p", "patents"), instead(Replies.error(404)));
            api.first(FaultyApi.path("p4", "patents"), instead(Replies.error(404)));
            // Fails in the batch and hangs in the first retry.
            api.first(slow, instead(Replies.error(404)), instead(Replies.hang()));
            assertThat(application.run(arguments(api, "--once")).exitCode()).isEqualTo(1);
            Path csv = application.folder().resolve("out/csv/patents");
            String batchId = App.files(csv).stream()
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\w+\\.csv"))
                    .findFirst()
                    .orElseThrow()
                    .replace(".csv", "");

            Process killed = application.start(arguments(api, "--retry-errors", batchId));
            try {
                // The other chunks are merged meanwhile.
                await().until(() -> api.calls(slow) == 2
                        && Files.readString(csv.resolve(batchId + ".parts/000000001.csv"))
                                .contains("'=p,"));
            } finally {
                killed.destroyForcibly();
            }
            assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();

            Ended retried = application.run(arguments(api, "--retry-errors=" + batchId));
            assertThat(retried.exitCode()).as(retried.out() + retried.err()).isZero();
            // RetryErrorsIT compares the contents of the files with an undisturbed batch.
            try (CSVParser file = CSVParser.parse(csv.resolve(batchId + ".csv"), UTF_8, CSVFormat.RFC4180)) {
                assertThat(file.getRecords())
                        .hasSize(1 + (int) SamplePeople.items(people, "patents"))
                        .anyMatch(row -> row.get(0).equals("'=p"));
            }
            assertThat(csv.resolve(batchId + ".errors.csv")).content().hasLineCount(1);
            assertThat(App.files(csv)).as("no parts left").hasSize(2);
        }
    }

    private static String[] arguments(FaultyApi api, String... others) {
        return Stream.concat(
                        Stream.of(others),
                        Stream.of(
                                "--colleagues.deliver-to=csv",
                                "--colleagues.apis.default.base-url=" + api.url(),
                                "--colleagues.indexing.batch-size=10"))
                .toArray(String[]::new);
    }
}
