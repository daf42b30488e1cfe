package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://ada:hunter2@example.org/a | https://***@example.org/a",
                "https://ada:hun ter2@exa mple | https://***@exa mple",
                "https://ada:hunter/2@2@example.org | https://***@example.org",
                "at 7: http://hunter2@example | at 7: http://***@example",
                "jdbc:mysql://h/x?user=ada&password=hunter2&x=1 | jdbc:mysql://h/x?user=ada&password=***&x=1",
                "https://h/?secret=hun ter2 | https://h/?secret=***",
                "https://@h | https://***@h",
                "a@b//c | a@b//c",
                "https://h/?API_KEY=hunter2 | https://h/?API_KEY=***",
                "https://h/a?se=1&sig=hunter2 | https://h/a?se=1&sig=***",
                "https://example.org/people?page=1 | https://example.org/people?page=1",
                "ada@example.org | ada@example.org",
                "10 | 10",
            })
    void isHiddenInWhatMayBeAUrl(String text, String shown) {
        assertThat(Secret.hiddenIn(text)).isEqualTo(shown);
    }
}
