package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.Chunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
    private final LogContext context = new LogContext(new Activity());

    @AfterEach
    void clear() {
        MDC.clear();
    }

    @Test
    void namesBatchRunAndChunk() {
        context.ofChunk(new Chunk("20260101T020000000Z", "patents", 12, List.of()));

        assertThat(MDC.getCopyOfContextMap())
                .isEqualTo(Map.of("batch", "20260101T020000000Z", "run", "patents", "chunk", "12"));
    }

    @Test
    void clearsOnlyItsOwnEntriesAtTheEndOfTheRoute() {
        MDC.put("request", "7");
        context.ofChunk(new Chunk("20260101T020000000Z", "patents", 12, List.of()));
        context.onExchangeDone(null, null);

        assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request", "7"));
    }
}
