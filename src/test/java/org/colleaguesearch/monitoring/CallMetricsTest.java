package org.colleaguesearch.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.indexing.Chunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final CallMetrics metrics = new CallMetrics(registry, new Activity());

    @Test
    void countsCallsByIndexer() throws IOException {
        call("patents", null);
        call("patents", null);
        call("functions", null);

        assertThat(count("patents", "ok")).isEqualTo(2);
        assertThat(count("functions", "ok")).isEqualTo(1);
    }

    @Test
    void countsCallsThatListPeopleSeparately() throws IOException {
        call(null, null);

        assertThat(count("people-list", "ok")).isEqualTo(1);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(status(404), "404"),
                Arguments.of(status(429), "429"),
                Arguments.of(status(503), "503"),
                Arguments.of(status(299), "299"),
                Arguments.of(status(999), "other_status"),
                Arguments.of(new SocketTimeoutException("Read timed out"), "timeout"),
                Arguments.of(new ConnectException("refused"), "no_answer"),
                Arguments.of(new JsonParseException(null, "malformed"), "not_json"),
                Arguments.of(new JsonEOFException(null, null, "torn"), "not_json"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void countsFailedCallsByKind(Exception failure, String result) throws IOException {
        call("patents", failure);

        assertThat(count("patents", result)).isEqualTo(1);
    }

    private void call(String indexer, Exception failure) throws IOException {
        try (DefaultCamelContext camel = new DefaultCamelContext(false)) {
            Exchange exchange = new DefaultExchange(camel);
            if (indexer != null) {
                exchange.setVariable("chunk", new Chunk("b", indexer, 1, List.of()));
            }
            metrics.onExchangeBegin(null, exchange);
            exchange.setException(failure);
            metrics.onExchangeDone(null, exchange);
        }
    }

    private long count(String indexer, String result) {
        Timer timer = registry.find(CallMetrics.CALLS)
                .tags("indexer", indexer, "result", result)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    private static HttpOperationFailedException status(int status) {
        return new HttpOperationFailedException("http://people.test/x", status, "", null, Map.of(), "");
    }
}
