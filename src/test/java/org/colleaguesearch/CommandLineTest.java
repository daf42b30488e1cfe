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
                .containsEntry("camel.main.auto-startup-exclude-pattern", "schedule,run-at-start,catch-up");
    }

    @Test
    void listensAsServiceAndForOneBatchOnlyWhenItsCommandLineGivesAPort() {
        assertThat(CommandLine.of(new String[0]).listens()).isTrue();
        assertThat(CommandLine.of(new String[] {"--once"}).listens()).isFalse();
        assertThat(CommandLine.of(new String[] {"--once", "--management.server.port=0"})
                        .listens())
                .isTrue();
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
                .isEqualTo("unknown argument " + argument + "; known are --once, --help and --<key>=<value>");
    }
}
