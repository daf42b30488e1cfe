package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.colleaguesearch.tooling.dryrun.SideBySide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({"'24 80\n', 80", "50 200, 200", "24 10, 40", "24 9999, 400", "0 0, 120", "'', 120", "stty: no, 120"})
    void isThatOfTheTerminalWithinReason(String size, int columns) {
        assertThat(Terminal.of(size)).isEqualTo(columns);
    }

    /** Linux takes the other end of a terminal for one, too. */
    @Test
    @Timeout(60)
    @EnabledOnOs(OS.LINUX)
    void isShownFewLinesOfADryRun() throws Exception {
        assertThat(lines(Redirect.to(new File("/dev/ptmx")))).isEqualTo(Lines.FEW);
    }

    @Test
    @Timeout(60)
    void fileAndPipeGetAllLinesOfADryRun(@TempDir Path folder) throws Exception {
        assertThat(lines(Redirect.to(folder.resolve("out.txt").toFile()))).isEqualTo(Lines.ALL);
        assertThat(lines(Redirect.PIPE)).isEqualTo(Lines.ALL);
    }

    private static int lines(Redirect output) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Lines.class.getName())
                .redirectOutput(output)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** A program that exits with how a dry run would be shown: a JVM's own output is where it is from its start. */
    static final class Lines {
        static final int FEW = 40;
        static final int ALL = 41;

        private Lines() {}

        public static void main(String[] arguments) {
            System.exit(
                    switch (DryRunCommand.form().most()) {
                        case SideBySide.FEW_LINES -> FEW;
                        case SideBySide.ALL_LINES -> ALL;
                        default -> 0;
                    });
        }
    }
}
