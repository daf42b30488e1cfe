package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dry run with the demo API and the shipped routes; the command from the package. */
@Timeout(600)
class DryRunIT {
    @TempDir
    Path folder;

    @Test
    void showsTheRowsThatARunThenWrites() throws IOException {
        try (App app = App.start(folder)) {
            DryRunReport report = app.dryRun("memberships", 20);
            assertThat(folder.resolve("csv")).doesNotExist();

            app.runBatch("test");

            String file = Files.readString(App.file(folder, "memberships", ".csv"));
            assertThat(report.people()).hasSize(20);
            assertThat(file)
                    .startsWith(report.header() + "\r\n"
                            + report.people().stream()
                                    .map(Tried::rows)
                                    .flatMap(List::stream)
                                    .map(row -> row + "\r\n")
                                    .reduce("", String::concat));
        }
    }

    @Test
    void commandWritesNothingAndOpensNoPort() throws Exception {
        Packaged packaged = Packaged.unpackedIn(folder.resolve("packaged"));
        List<String> before = packaged.files("");

        Packaged.Ended ended = packaged.run(
                "--dry-run", "patents", "--limit=2", "--colleagues.deliver-to=opensearch", "--server.port=8080");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out())
                .startsWith("── Halyna Shevchuk (demo:halyna-shevchuk-example-000)\n")
                .doesNotContain("more lines")
                .contains("\nperson_id,number,title,date,abstract\ndemo:halyna-shevchuk-example-000,DEMO-1000004,")
                .endsWith("\npatents: 2 of 2 people have a section. Nothing was written.\n");
        assertThat(packaged.files(""))
                .filteredOn(file -> !file.startsWith("std"))
                .isEqualTo(before);
    }

    @Test
    void commandReportsItsFailureInOneLine() throws Exception {
        Packaged packaged = Packaged.unpackedIn(folder.resolve("packaged"));

        Packaged.Ended ended = packaged.run("--dry-run", "patnets");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .isEqualTo("colleague-search dry-run: unknown indexer 'patnets'; expected one of: functions, geography,"
                        + " memberships, patents\n");
    }
}
