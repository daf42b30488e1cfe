package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** The output and exit codes of commands that do not start the application. */
class CliTest {
    @Test
    void helpListsAllCommandsInLinesThatFitATerminal(CapturedOutput output) {
        assertThat(Cli.execute("--help")).isZero();
        assertThat(output.getOut())
                .contains(
                        " serve ",
                        " once ",
                        " retry-errors ",
                        " dry-run ",
                        " check ",
                        " test ",
                        " make-key ",
                        " remove-indexer ")
                .contains("--<key>=<value>", "routes/", "generate-completion", "--version");
        assertThat(output.getOut().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    @ParameterizedTest
    @CsvSource({
        "serve, schedule",
        "once, interrupted",
        "retry-errors, BATCH",
        "dry-run, --limit=N",
        "check, FILE",
        "test, FILE",
        "make-key, --scopes=SCOPE",
        "remove-indexer, --yes",
        "--once, interrupted",
        "--dry-run, INDEXER"
    })
    void helpsWithEachCommand(String command, String word, CapturedOutput output) {
        assertThat(Cli.execute(command, "--help")).isZero();
        assertThat(output.getOut())
                .startsWith("Usage: colleague-search " + command.replace("--", ""))
                .contains(word, "Exit codes:");
    }

    @Test
    void printsItsVersionAndACompletionScript(CapturedOutput output) {
        assertThat(Cli.execute("--version")).isZero();
        assertThat(output.getOut()).startsWith("Colleague Search ").hasLineCount(1);
        assertThat(Cli.execute("generate-completion")).isZero();
        assertThat(output.getOut()).contains("complete -F", "retry-errors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "onec",
                "-once",
                "--onec",
                "--Once",
                "--=x",
                "key=value",
                "--debug",
                "@file",
                "--once x",
                "once --once",
                "--retry-errors --once",
                "--retry-errors",
                "--retry-errors=",
                "--retry-errors patents",
                "retry-errors 20261123T020000000Z.csv",
                "--retry-errors=2026-11-23",
                "--dry-run",
                "--dry-run patents --limit",
                "dry-run patents --limit 0",
                "--dry-run patents --limit=101",
                "--dry-run patents --limit -1",
                "--dry-run patents --limit 99999999999",
                "--make-key",
                "make-key ada",
                "--make-key ada --scopes",
                "make-key ada --scopes search,nothing",
                "make-key a.b --scopes search",
                "--make-key --scopes search",
                "--make-key= --scopes=search"
            })
    void refusesInvalidUsageInOneLineThatPointsToHelp(String arguments, CapturedOutput output) {
        assertThat(Cli.execute(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(output.getErr())
                .containsPattern("; see colleague-search.* --help\n$")
                .doesNotContain("Exception")
                .hasLineCount(1);
        assertThat(output.getOut()).isEmpty();
    }

    @Test
    void suggestsTheNearestCommand(CapturedOutput output) {
        assertThat(Cli.execute("chekc")).isEqualTo(2);
        assertThat(output.getErr()).contains("'chekc'", "did you mean 'check'?");
    }

    @Test
    void escapesTerminalControlCharacters(CapturedOutput output) {
        assertThat(Cli.execute("--\u001b[31m\nx")).isEqualTo(2);
        assertThat(output.getErr()).contains("\uFFFD[31m x").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "make-key ada --scopes export,search",
                "--make-key ada --scopes export,search",
                "--make-key=ada --scopes=search,export",
                "--scopes SEARCH,Export --make-key ada",
            })
    void makesAKeyAndTheSettingsThatAcceptIt(String arguments, CapturedOutput output) {
        assertThat(Cli.execute(arguments.split(" "))).isZero();
        assertThat(output.getOut())
                .containsPattern("X-API-Key: ada\\.[\\w-]{43}\n")
                .containsPattern("      - name: ada\n        hash: sha256:[\\w-]{22}:[\\w-]{43}\n"
                        + "        scopes: search, export\n$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check --BATCH_SIZE=many", "--BATCH_SIZE=many --check", "--BATCH_SIZE=a=b\nc check"})
    void acceptsSettingsAnywhereOnTheCommandLine(String arguments, CapturedOutput output) {
        assertThat(Cli.execute(arguments.split(" "))).isEqualTo(1);
        assertThat(output.getOut())
                .contains("colleagues.indexing.batch-size is ")
                .contains("1 invalid setting; ");
    }
}
