package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.settings.WrongSettings;
import org.colleaguesearch.tooling.check.BrokenRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.FileSystemUtils;

/** What {@code --check} prints and exits with, and what a start does with the same. Nothing of it starts anything. */
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
        assertThat(check("--check", "routes/batch/sweep.camel.yaml", "./routes/batch/resume.camel.yaml"))
                .isZero();
        assertThat(output.getOut()).contains("2 files, no problem\n");
    }

    @Test
    void failsWhenOtherFilesKeepAFileFromBeingCheckedToTheEnd(CapturedOutput output) {
        String folder = "src/test/resources/check/one-of-two/";

        assertThat(check(
                        "--check",
                        folder + "b.camel.yaml",
                        "--camel.main.routes-include-pattern=file:" + folder + "*.camel.yaml"))
                .isEqualTo(1);
        assertThat(output.getOut())
                .startsWith("1 file, not checked to the end: mend first 1 problem in 1 other file, such as " + folder
                        + "a.camel.yaml:3:5: ")
                .doesNotContain("no problem");
    }

    @Test
    void refusesWhatIsNoRouteFile() {
        assertThatThrownBy(() -> check("--check", "routes/gone.camel.yaml"))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith(
                        "--check takes route files, folders of them and the .jq files that they name, and"
                                + " routes/gone.camel.yaml is none: give one such as routes/");
        assertThatThrownBy(() -> check("--check", "routes/gone.jq")).isInstanceOf(WrongUsage.class);
        assertThatThrownBy(() -> check("--check", "demo")).isInstanceOf(WrongUsage.class);
    }

    @Test
    void looksAtAllRouteFilesOfAFolder(CapturedOutput output) {
        String folder = "src/test/resources/check/unknown-key";

        assertThat(check("--check", BROKEN, folder)).isEqualTo(1);
        assertThat(output.getOut()).isEqualTo(LINE + "\n1 problem in 1 of 1 file\n");
        assertThat(check("--check", BROKEN, folder, folder + "/example.camel.yaml", "./src/test"))
                .isEqualTo(1);
        assertThat(output.getOut()).endsWith("\n1 problem in 1 of 1 file\n");
    }

    @Test
    void looksAtJqProgramAndTheRoutesThatNameIt(CapturedOutput output) throws IOException {
        // Named as from here.
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
                .contains("\n1 problem in 1 of 2 files, not checked to the end: mend first 1 problem in 1 other file");
        FileSystemUtils.deleteRecursively(folder);
    }

    @Test
    void refusesProgramThatOthersWithALikeNameAndCommentsAreAllThatNames() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "jq");
        Path program = Files.writeString(folder.resolve("a.jq"), ".items[");
        Files.writeString(folder.resolve("b.camel.yaml"), """
                # As resource:file:%s
                - route:
                    id: b
                    description: Says resource:file:%s or so.
                    from:
                      uri: direct:b
                      steps:
                        - setBody:
                            id: choose-items
                            jq: "resource:file:%sx"
                """.formatted(program, program, program));

        assertThatThrownBy(() -> check(
                        "--check", "--camel.main.routes-include-pattern=file:" + folder + "/*.yaml", "" + program))
                .isInstanceOf(WrongUsage.class)
                .hasMessageContaining(program + " is none");
        FileSystemUtils.deleteRecursively(folder);
    }

    @Test
    void looksAtFilesThatMayNameAProgramToo(CapturedOutput output) throws IOException {
        Path folder = Files.createTempDirectory(Path.of("target"), "jq");
        Path program = Files.writeString(folder.resolve("a.jq"), ".items");
        Path torn = Files.writeString(folder.resolve("b.camel.yaml"), "- route: [");

        assertThat(check("--check", "--camel.main.routes-include-pattern=file:" + folder + "/*.yaml", "" + program))
                .isEqualTo(1);
        assertThat(output.getOut()).startsWith(torn + ":1:").contains("\n1 problem in 1 of 2 files");
        FileSystemUtils.deleteRecursively(folder);
    }

    @Test
    void saysNothingOfRouteFilesWhereSettingsCannotBeRead(CapturedOutput output, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("application.yml"), "colleagues:\n  a: [\n");

        assertThat(check("--check", "--spring.config.location=file:" + file)).isEqualTo(1);
        assertThat(output.getOut())
                .startsWith("application.yml:3:1: this is no YAML: ")
                .endsWith("\n1 of the settings wrong; the route files were not looked at\n")
                .hasLineCount(2);
    }

    @Test
    void saysOfAScheduleThatIsTooShortWhatItTakes(CapturedOutput output) {
        assertThat(check("--check", "--colleagues.schedule=x")).isEqualTo(1);
        assertThat(output.getOut())
                .contains("colleagues.schedule is x (", "): must be a Quartz cron expression")
                .doesNotContain("Exception");
    }

    @Test
    void keepsTheApplicationFromAStartWithBrokenRoutes(CapturedOutput output) {
        CommandLine line = CommandLine.of("--once", BROKEN);

        assertThatThrownBy(() -> Cli.application(line).run(line.arguments())).isInstanceOf(BrokenRoutes.class);
        assertThat(output.getErr()).isEqualTo(LINE + "\ncannot start: 1 problem in 1 of 1 file\n");
    }

    @Test
    void namesWrongSettingsAndBrokenRoutesInOneStart(CapturedOutput output) {
        CommandLine line = CommandLine.of("--once", BROKEN, "--colleagues.indexing.batch-size=many");

        assertThatThrownBy(() -> Cli.application(line).run(line.arguments())).isInstanceOf(WrongSettings.class);
        assertThat(output.getErr())
                .startsWith("cannot start: colleagues.indexing.batch-size is many (")
                .endsWith("\n" + LINE + "\ncannot start: 1 problem in 1 of 1 file\n")
                .hasLineCount(3);
    }

    private static int check(String... arguments) {
        return Check.run(CommandLine.of(arguments));
    }
}
