package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorStreamTest {
    private final CsvRows rows = new CsvRows(FixedIndexers.named("patents"), ShippedSettings.with());
    private final List<Integer> asked = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1_000, 1_001, 2_500})
    void listsEachUrlOnceInOrder(int count) throws IOException {
        List<String> lines;
        try (InputStream errors = errors(count)) {
            lines = new String(errors.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }

        assertThat(lines).hasSize(count + 1).startsWith("person_id,url,reason,status,attempts");
        assertThat(lines.subList(1, count + 1))
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(i -> "p" + i + ",http://x/" + i + ",gone,404,1")
                        .toList());
    }

    @Test
    void readsPagesOnDemand() throws IOException {
        try (InputStream errors = errors(1_000_000)) {
            assertThat(errors.readNBytes(10_000)).hasSize(10_000);
        }

        assertThat(asked).containsExactly(-1);
    }

    private InputStream errors(int count) {
        return new ErrorStream(rows, new CsvDialect(ShippedSettings.with()), (after, limit) -> {
            asked.add(after);
            return IntStream.range(after + 1, Math.min(count, after + 1 + limit))
                    .mapToObj(i -> new FailedUrl(
                            i, 1, new Failed(new Call(new Person("p" + i, ""), "http://x/" + i), "gone", 404, 1)))
                    .toList();
        });
    }
}
