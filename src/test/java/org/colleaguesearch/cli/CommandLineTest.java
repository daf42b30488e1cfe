package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void runsAsServiceWithoutArguments() {
        CommandLine line = CommandLine.of();

        assertThat(line.command()).isEqualTo(Command.SERVICE);
        assertThat(line.settings()).isEmpty();
        assertThat(line.properties()).doesNotContainKey("camel.main.auto-startup-exclude-pattern");
    }

    @Test
    void runsOnceWithoutTriggersOfItsOwn() {
        CommandLine line = CommandLine.of("--once");

        assertThat(line.command()).isEqualTo(Command.ONCE);
        assertThat(line.settings()).isEmpty();
        assertThat(line.properties())
                .containsEntry(
                        "camel.main.auto-startup-exclude-pattern",
                        "schedule,run-at-start,recover,continue-exports,extract-queries");
    }

    @Test
    void listensAsServiceAndForOneBatchOnlyWhenItsCommandLineGivesAPort() {
        assertThat(CommandLine.of().listens()).isTrue();
        assertThat(CommandLine.of("--once").listens()).isFalse();
        assertThat(CommandLine.of("--once", "--management.server.port=0").listens())
                .isTrue();
    }

    @Test
    void opensNoPortForTheApiForOneBatchWhateverIsSet() {
        assertThat(CommandLine.of("--server.port=9000", "--a=b").arguments())
                .containsExactly("--server.port=9000", "--a=b");
        assertThat(CommandLine.of("--server.port=9000", "--once", "--a=b").arguments())
                .containsExactly("--a=b", "--server.port=-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--colleagues.api.base-url=https://people.example.org/a?b=c",
                "--colleagues.indexing.only=",
                "--colleagues.demo.people=/tmp/with space/people.jsonl",
                "--camel.threadpool.config.patents.pool-size=20",
                "--a.list[0]=x",
                "--a=line one\nline two",
            })
    void handsSettingsOn(String setting) {
        CommandLine line = CommandLine.of(setting, "--once");

        assertThat(line.command()).isEqualTo(Command.ONCE);
        assertThat(line.settings()).containsExactly(setting);
    }

    @Test
    void helpsWhateverElseIsAskedFor() {
        assertThat(CommandLine.of("nonsense", "--once", "--help").command()).isEqualTo(Command.HELP);
    }

    @Test
    void helpNamesAllCommandsInLinesThatATerminalHolds() {
        assertThat(CommandLine.HELP).contains("--<key>=<value>", "routes/");
        assertThat(Command.values())
                .allSatisfy(command -> assertThat(CommandLine.HELP).contains(command.word()));
        assertThat(CommandLine.HELP.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "-once", "--onec", "--Once", "-h", "", " ", "--=x", "key=value", "--debug"})
    void refusesWhatItDoesNotKnowInOneLine(String argument) {
        assertThatThrownBy(() -> CommandLine.of("--once", argument))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith("unknown argument " + argument + "; known are --once, --retry-errors BATCH, "
                        + "--dry-run INDEXER --limit …, --make-key NAME --scopes …, --check [FILE…], ")
                .hasMessageEndingWith("--help and --<key>=<value>");
    }

    @Test
    void saysNothingThatATerminalWouldTakeForCommands() {
        assertThatThrownBy(() -> CommandLine.of("--\u001b[31m\nx=1"))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith("unknown argument --\uFFFD[31m x=1; known are ");
    }

    @Test
    void takesOneCommand() {
        assertThatThrownBy(() -> CommandLine.of("--retry-errors", "--once"))
                .isInstanceOf(WrongUsage.class)
                .hasMessage("give one of --once and --retry-errors, not both");
    }

    @Test
    void dryRunWritesNowhereWhateverIsSet() {
        CommandLine line = CommandLine.of(
                "--dry-run",
                "patents",
                "--limit=3",
                "--colleagues.deliverTo=opensearch",
                "--COLLEAGUES.DATABASE.URL=jdbc:postgresql:x",
                "--management.server.port=0",
                "--a=b");

        assertThat(line.operand()).isEqualTo("patents");
        assertThat(line.arguments())
                .contains("--a=b", "--colleagues.deliver-to=csv", "--server.port=-1")
                .noneMatch(argument -> argument.contains("postgresql:") || argument.contains("opensearch"));
        assertThat(line.listens()).isFalse();
        assertThat(line.properties()).isEqualTo(CommandLine.of("--once").properties());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--dry-run",
                "--dry-run=",
                "--dry-run patents --limit",
                "--dry-run patents --limit 0",
                "--dry-run patents --limit=101",
                "--dry-run patents --limit -1",
                "--dry-run patents --limit 99999999999"
            })
    void refusesDryRunOfNothingOrOfTooMany(String arguments) {
        assertThatThrownBy(() -> CommandLine.of(arguments.split(" ", -1)))
                .isInstanceOf(WrongUsage.class)
                .hasMessage("--dry-run takes the name of an indexer, and --limit how many people, 1 to 100:"
                        + " --dry-run patents --limit 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--retry-errors 20261123T020000000Z", "--retry-errors=20261123T020000000Z"})
    void retriesTheErrorsOfBatchWithoutTriggersOfItsOwn(String arguments) {
        CommandLine line = CommandLine.of((arguments + " --a=b").split(" "));

        assertThat(line.command()).isEqualTo(Command.RETRY_ERRORS);
        assertThat(line.operand()).isEqualTo("20261123T020000000Z");
        assertThat(line.listens()).isFalse();
        assertThat(line.settings()).containsExactly("--a=b");
        assertThat(line.properties()).isEqualTo(CommandLine.of("--once").properties());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--retry-errors",
                "--retry-errors=",
                "--retry-errors patents",
                "--retry-errors 20261123T020000000Z.csv",
                "--retry-errors=2026-11-23",
            })
    void refusesToRetryWhatIsNoBatchInOneLine(String arguments) {
        assertThatThrownBy(() -> CommandLine.of(arguments.split(" ")))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith("--retry-errors takes the id of a batch, such as 20261123T020000000Z: ")
                .message()
                .hasLineCount(1);
    }
}
