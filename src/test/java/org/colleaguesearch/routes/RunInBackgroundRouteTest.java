package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.Exchange;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.MDC;
import org.springframework.boot.test.system.CapturedOutput;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class RunInBackgroundRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    private Batch batch;

    @BeforeEach
    void open() {
        batch = Sample.batch(API.application(), "ada");
    }

    @AfterEach
    void close() {
        API.close(batch);
    }

    @Test
    void runsTheBatch(CapturedOutput log) {
        Exchange ended = run();

        assertThat(ended.getException()).isNull();
        assertThat(API.mock("run-batch").getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody())
                .containsExactly(batch);
        assertThat(log).doesNotContain("ERROR");
    }

    @Test
    void saysInTheLogWhatNobodyElseWouldHear(CapturedOutput log) {
        // Of other tests, in this thread.
        MDC.clear();
        SharedApplication.running = exchange -> {
            MDC.put("batch", batch.id());
            throw new IllegalStateException("the database is gone");
        };

        run();

        assertThat(log.getOut().lines())
                .filteredOn(line -> line.contains("ERROR"))
                .singleElement()
                .asString()
                .contains("[" + batch.id() + "] could not close the batch: the database is gone");
        assertThat(MDC.get("batch")).isNull();
    }

    private Exchange run() {
        return API.application().send("run-in-background", batch);
    }
}
