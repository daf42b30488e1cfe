package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCodingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "deflate, gzip;q=0.5",
                "br;q=1.0,x-gzip",
                "*",
                "identity;q=0, *;q=0.1",
                "gzip ; q=0.001"
            })
    void acceptsGzip(String header) {
        assertThat(ContentCodings.takesGzip(header)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "br, deflate", "gzipped", ";q=1,,"})
    void rejectsGzip(String header) {
        assertThat(ContentCodings.takesGzip(header)).isFalse();
    }
}
