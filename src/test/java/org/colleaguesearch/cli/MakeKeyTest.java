package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MakeKeyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--make-key ada --scopes export,search",
                "--make-key=ada --scopes=search,export",
                "--scopes SEARCH,Export --make-key ada",
            })
    void printsAKeyAndWhatLetsItIn(String arguments) {
        String answer = MakeKey.answer(CommandLine.of(arguments.split(" ")));

        assertThat(answer)
                .containsPattern("X-API-Key: ada\\.[\\w-]{43}\n")
                .containsPattern("      - name: ada\n        hash: sha256:[\\w-]{22}:[\\w-]{43}\n"
                        + "        scopes: search, export$");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--make-key",
                "--make-key ada",
                "--make-key ada --scopes",
                "--make-key ada --scopes search,nothing",
                "--make-key ada --scopes search,",
                "--make-key a.b --scopes search",
                "--make-key --scopes search",
                "--make-key ada --scopes search --a=b",
                "--make-key= --scopes=search",
            })
    void saysWhatItTakes(String arguments) {
        assertThatThrownBy(() -> MakeKey.answer(CommandLine.of(arguments.split(" "))))
                .isInstanceOf(WrongUsage.class)
                .hasMessageStartingWith("--make-key takes a name of letters")
                .message()
                .hasLineCount(1);
    }
}
