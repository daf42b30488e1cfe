package org.colleaguesearch.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "respond-async",
                "Respond-Async",
                " respond-async ",
                "wait=10, respond-async",
                "respond-async, wait=10",
                "respond-async; foo=bar; q",
                "foo;bar=\"a,b;c\",respond-async",
                "foo=\"\\\",\" , RESPOND-ASYNC",
                "respond-async=\"\"",
                "respond-async ="
            })
    void findsRespondAsyncAmongOthers(String header) {
        assertThat(Preferences.respondAsync(header)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ",",
                "wait=10",
                "respond-asynchronously",
                "x-respond-async",
                "respond-async=no",
                "foo=respond-async",
                "foo; respond-async",
                "foo=\"a, respond-async, b\"",
                "\"respond-async\""
            })
    void ignoresSimilarPreferences(String header) {
        assertThat(Preferences.respondAsync(header)).isFalse();
    }

    @Test
    void parsesMaliciousHeaderQuickly() {
        Assertions.assertTimeout(
                Duration.ofSeconds(2), () -> Preferences.respondAsync(("\"\\" + ",;").repeat(50) + "\""));
    }
}
