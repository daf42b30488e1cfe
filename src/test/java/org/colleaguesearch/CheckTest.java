package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.colleaguesearch.check.BrokenRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What {@code --check} prints and exits with, and what a start does with the same. Nothing of it starts anything. */
@ExtendWith(OutputCaptureExtension.class)
class CheckTest {
    private static final String BROKEN =
            "--camel.main.routes-include-pattern=file:src/test/resources/check/unknown-key/*.camel.yaml";
    private static final String LINE = "src/test/resources/check/unknown-key/example.camel.yaml:3:5: unknown key"
            + " 'descripton' of 'route'; did you mean 'description'?";

    @Test
    void findsNothingWrongWithTheShippedFiles(CapturedOutput output) {
        assertThat(check("--check")).isZero();
        assertThat(output.getOut()).containsPattern("(?m)^\\d\\d files, no problem$");
    }

    @Test
    void saysWhatIsWrongWithARoute(CapturedOutput output) {
        assertThat(check("--check", BROKEN)).isEqualTo(1);
        assertThat(output.getOut()).contains(LINE + "\n1 problem in 1 of 1 file\n");
    }

    @Test
    void saysWhatIsWrongWithASetting(CapturedOutput output) {
        assertThat(check("--check", "--colleagues.indexing.batch-size=many")).isEqualTo(1);
        assertThat(output.getOut())
                .contains("colleagues.indexing.batch-size is many")
                .contains("1 of the settings wrong; ");
    }

    @Test
    void saysWhereASettingIsWrong(CapturedOutput output) {
        assertThat(check("--check", "--BATCH_SIZE=many")).isEqualTo(1);
        assertThat(output.getOut())
                .containsPattern("(?m)^application.yml:\\d+:17: colleagues.indexing.batch-size is .*many");
    }

    @Test
    void looksAtNoOtherFilesThanThoseAskedFor(CapturedOutput output) {
        assertThat(check("--check", "routes/sweep.camel.yaml", "./routes/resume.camel.yaml"))
                .isZero();
        assertThat(output.getOut()).contains("2 files, no problem\n");
    }

    @Test
    void refusesWhatIsNoRouteFile() {
        assertThatThrownBy(() -> check("--check", "routes/gone.camel.yaml"))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith("--check takes route files, and routes/gone.camel.yaml is none");
    }

    @Test
    void keepsTheApplicationFromAStartWithBrokenRoutes(CapturedOutput output) {
        CommandLine line = CommandLine.of("--once", BROKEN);

        assertThatThrownBy(() -> ColleagueSearch.application(line).run(line.arguments()))
                .isInstanceOf(BrokenRoutes.class);
        assertThat(output.getErr()).isEqualTo(LINE + "\ncannot start: 1 problem in 1 of 1 file\n");
    }

    private static int check(String... arguments) {
        return Check.run(CommandLine.of(arguments));
    }
}
