package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void runsAsServiceWithoutArguments() {
        CommandLine command = CommandLine.of(new String[0]);

        assertThat(command.isOnce()).isFalse();
        assertThat(command.isValid()).isTrue();
        assertThat(command.answer()).isNull();
        assertThat(command.settings()).isEmpty();
        assertThat(command.properties()).isEmpty();
    }

    @Test
    void runsOnceWithoutTriggersOfItsOwn() {
        CommandLine command = CommandLine.of(new String[] {"--once"});

        assertThat(command.isOnce()).isTrue();
        assertThat(command.answer()).isNull();
        assertThat(command.settings()).isEmpty();
        assertThat(command.properties())
                .containsEntry(
                        "camel.main.auto-startup-exclude-pattern",
                        "schedule,run-at-start,continue-exports,extract-queries");
    }

    @Test
    void listensAsServiceAndForOneBatchOnlyWhenItsCommandLineGivesAPort() {
        assertThat(CommandLine.of(new String[0]).listens()).isTrue();
        assertThat(CommandLine.of(new String[] {"--once"}).listens()).isFalse();
        assertThat(CommandLine.of(new String[] {"--once", "--management.server.port=0"})
                        .listens())
                .isTrue();
    }

    @Test
    void opensNoPortForTheApiForOneBatchWhateverIsSet() {
        assertThat(CommandLine.of(new String[] {"--server.port=9000", "--a=b"}).arguments())
                .containsExactly("--server.port=9000", "--a=b");
        assertThat(CommandLine.of(new String[] {"--server.port=9000", "--once", "--a=b"})
                        .arguments())
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
        CommandLine command = CommandLine.of(new String[] {setting, "--once"});

        assertThat(command.answer()).isNull();
        assertThat(command.isOnce()).isTrue();
        assertThat(command.settings()).containsExactly(setting);
    }

    @Test
    void helpsWhateverElseIsAskedFor() {
        CommandLine command = CommandLine.of(new String[] {"nonsense", "--once", "--help"});

        assertThat(command.isValid()).isTrue();
        assertThat(command.isOnce()).isFalse();
        assertThat(command.answer()).contains("--once", "--help", "--<key>=<value>", "routes/");
        assertThat(command.answer().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "-once", "--onec", "--Once", "-h", "", " ", "--=x", "key=value", "--debug"})
    void refusesWhatItDoesNotKnowInOneLine(String argument) {
        CommandLine command = CommandLine.of(new String[] {"--once", argument});

        assertThat(command.isValid()).isFalse();
        assertThat(command.answer())
                .isEqualTo("unknown argument " + argument
                        + "; known are --once, --retry-errors BATCH, --make-key NAME, --help and --<key>=<value>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--retry-errors 20261123T020000000Z", "--retry-errors=20261123T020000000Z"})
    void retriesTheErrorsOfBatchWithoutTriggersOfItsOwn(String arguments) {
        CommandLine command = CommandLine.of((arguments + " --a=b").split(" "));

        assertThat(command.answer()).isNull();
        assertThat(command.retry()).isEqualTo("20261123T020000000Z");
        assertThat(command.isOnce()).isTrue();
        assertThat(command.listens()).isFalse();
        assertThat(command.settings()).containsExactly("--a=b");
        assertThat(command.properties())
                .isEqualTo(CommandLine.of(new String[] {"--once"}).properties());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--retry-errors",
                "--retry-errors=",
                "--retry-errors patents",
                "--retry-errors --once",
                "--retry-errors 20261123T020000000Z.csv",
                "--retry-errors=2026-11-23",
            })
    void refusesToRetryWhatIsNoBatchInOneLine(String arguments) {
        CommandLine command = CommandLine.of(arguments.split(" "));

        assertThat(command.isValid()).isFalse();
        assertThat(command.answer())
                .startsWith("--retry-errors takes the id of a batch, such as 20261123T020000000Z: ")
                .hasLineCount(1);
    }

    @Test
    void retriesNothingUnlessAskedTo() {
        assertThat(CommandLine.of(new String[0]).retry()).isNull();
        assertThat(CommandLine.of(new String[] {"--once"}).retry()).isNull();
    }
}
