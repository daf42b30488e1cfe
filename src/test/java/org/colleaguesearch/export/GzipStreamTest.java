package org.colleaguesearch.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipStreamTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 100_000})
    void isWhatGunzipTakes(int size) throws IOException {
        byte[] plain = new byte[size];
        new Random(size).nextBytes(plain);

        byte[] packed = new GzipStream(new ByteArrayInputStream(plain)).readAllBytes();

        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void compresses() throws IOException {
        assertThat(new GzipStream(new ByteArrayInputStream(new byte[100_000])).readAllBytes())
                .hasSizeLessThan(2_000);
    }

    /** As when the one who asked hangs up. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 20, 1_000_000})
    void closesWhatItReadsFromHoweverFarItWasRead(int bytes) throws IOException {
        AtomicInteger closed = new AtomicInteger();
        InputStream plain = new ByteArrayInputStream(new byte[100_000]) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };

        try (InputStream packed = new GzipStream(plain)) {
            packed.readNBytes(bytes);
        }

        assertThat(closed).hasValueGreaterThan(0);
    }
}
