package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.WrongSettings;
import org.colleaguesearch.tooling.check.InvalidRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.FileSystemUtils;

/** The output and exit code of {@code --check}, and a start with the same problems. No test starts the application. */
class CheckTest {
    private static final String BROKEN =
            "--camel.main.routes-include-pattern=file:src/test/resources/check/unknown-key/*.camel.yaml";
    private static final String LINE = "src/test/resources/check/unknown-key/example.camel.yaml:3:5: unknown key"
            + " 'descripton' of 'route'; did you mean 'description'?";

    @Test
    void findsNoProblemInTheShippedFiles(CapturedOutput output) {
        assertThat(check("--check")).isZero();
        assertThat(output.getOut()).containsPattern("(?m)^\\d\\d files, no problems$");
    }

    @Test
    void reportsTheProblemOfARoute(CapturedOutput output) {
        assertThat(check("--check", BROKEN)).isEqualTo(1);
        assertThat(output.getOut()).contains(LINE + "\n1 problem in 1 of 1 file\n");
    }

    @Test
    void reportsTheProblemOfASetting(CapturedOutput output) {
        assertThat(check("--check", "--colleagues.indexing.batch-size=many")).isEqualTo(1);
        assertThat(output.getOut())
                .contains("colleagues.indexing.batch-size is many")
                .contains("1 invalid setting; ");
    }

    @Test
    void reportsThePlaceOfAnInvalidSetting(CapturedOutput output) {
        assertThat(check("--check", "--BATCH_SIZE=many")).isEqualTo(1);
        assertThat(output.getOut())
                .containsPattern("(?m)^application.yml:\\d+:17: colleagues.indexing.batch-size is .*many");
    }

    @Test
    void checksOnlyTheNamedFiles(CapturedOutput output) {
        assertThat(check("--check", "routes/batch/sweep.camel.yaml", "./routes/batch/resume.camel.yaml"))
                .isZero();
        assertThat(output.getOut()).contains("2 files, no problems\n");
    }

    @Test
    void failsWhenAnotherFilePreventsTheFullCheckOfAFile(CapturedOutput output) {
        String folder = "src/test/resources/check/one-of-two/";

        assertThat(check(
                        "--check",
                        folder + "b.camel.yaml",
                        "--camel.main.routes-include-pattern=file:" + folder + "*.camel.yaml"))
                .isEqualTo(1);
        assertThat(output.getOut())
                .startsWith("1 file, check incomplete: first fix 1 problem in 1 other file, such as " + folder
                        + "a.camel.yaml:3:5: ")
                .doesNotContain("no problem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes/gone.camel.yaml", "routes/gone.jq", "demo"})
    void refusesNamesThatAreNoRouteFiles(String name, CapturedOutput output) {
        assertThat(check("check", name)).isEqualTo(2);
        assertThat(output.getErr())
                .startsWith(name + " is not a route file")
                .contains("; expected, for example, routes/")
                .hasLineCount(1);
    }

    @Test
    void checksAllRouteFilesOfAFolder(CapturedOutput output) {
        String folder = "src/test/resources/check/unknown-key";

        assertThat(check("--check", BROKEN, folder)).isEqualTo(1);
        assertThat(output.getOut()).isEqualTo(LINE + "\n1 problem in 1 of 1 file\n");
        assertThat(check("--check", BROKEN, folder, folder + "/example.camel.yaml", "./src/test"))
                .isEqualTo(1);
        assertThat(output.getOut()).endsWith("\n1 problem in 1 of 1 file\n");
    }

    @Test
    void checksJqProgramAndTheRoutesThatUseIt(CapturedOutput output) throws IOException {
        // Relative to the working folder.
        Path folder = Files.createTempDirectory(Path.of("target"), "jq");
        Path program = Files.writeString(folder.resolve("a.jq"), ".items[");
        Files.writeString(folder.resolve("b.camel.yaml"), """
                - route:
                    id: b
                    description: Says hello.
                    from:
                      uri: direct:b
                      steps:
                        - setBody:
                            id: choose-items
                            jq: "resource:file:%s"
                """.formatted(program));
        Files.writeString(folder.resolve("c.camel.yaml"), "- nothing: {}");

        assertThat(check("--check", "--camel.main.routes-include-pattern=file:" + folder + "/*.yaml", "" + program))
                .isEqualTo(1);
        assertThat(output.getOut())
                .startsWith(program + ":1:")
                .contains(": invalid jq: ")
                .contains("\n1 problem in 1 of 2 files, check incomplete: first fix 1 problem in 1 other file");
        FileSystemUtils.deleteRecursively(folder);
    }

    @Test
    void skipsTheRouteFilesWhenTheSettingsCannotBeRead(CapturedOutput output, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yml"), "colleagues:\n  a: [\n");

        assertThat(check("--check", "--spring.config.location=file:" + file)).isEqualTo(1);
        assertThat(output.getOut())
                .startsWith("application.yml:3:1: invalid YAML: ")
                .endsWith("\n1 invalid setting; the route files were not checked\n")
                .hasLineCount(2);
    }

    @Test
    void saysWhatAScheduleMustBeWhenItIsTooShort(CapturedOutput output) {
        assertThat(check("--check", "--colleagues.schedule=x")).isEqualTo(1);
        assertThat(output.getOut())
                .contains("colleagues.schedule is x (", "): must be a Quartz cron expression")
                .doesNotContain("Exception");
    }

    @Test
    void refusesToStartWithBrokenRoutes(CapturedOutput output) {
        List<String> settings = List.of(BROKEN);

        assertThatThrownBy(() -> LaunchMode.BATCH.application(settings).run(settings.toArray(String[]::new)))
                .isInstanceOf(InvalidRoutes.class);
        assertThat(output.getErr()).isEqualTo(LINE + "\ncannot start: 1 problem in 1 of 1 file\n");
    }

    @Test
    void reportsInvalidSettingsAndBrokenRoutesInOneStart(CapturedOutput output) {
        List<String> settings = List.of(BROKEN, "--colleagues.indexing.batch-size=many");

        assertThatThrownBy(() -> LaunchMode.BATCH.application(settings).run(settings.toArray(String[]::new)))
                .isInstanceOf(WrongSettings.class);
        assertThat(output.getErr())
                .startsWith("cannot start: colleagues.indexing.batch-size is many (")
                .endsWith("\n" + LINE + "\ncannot start: 1 problem in 1 of 1 file\n")
                .hasLineCount(3);
    }

    private static int check(String... arguments) {
        return Cli.execute(arguments);
    }
}
