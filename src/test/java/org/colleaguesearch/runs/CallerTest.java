package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallerTest {
    @Test
    void isTheNameOfTheApiKey() {
        assertThat(Caller.name("night shift")).isEqualTo("night shift");
    }

    @Test
    void isApiWithoutKeys() {
        assertThat(Caller.name(null)).isEqualTo("api");
        assertThat(Caller.name(" ")).isEqualTo("api");
    }

    @Test
    void isOneLineThatFitsTheLedger() {
        assertThat(Caller.name("a\nb\0c\u001b[31m")).isEqualTo("a b c [31m");
        assertThat(Caller.name("x".repeat(101))).isEqualTo("x".repeat(100));
        assertThat(Caller.name("😀".repeat(101))).isEqualTo("😀".repeat(100));
    }
}
