package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.source.ResponseMemory.Room;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResponseMemoryTest {
    private static final String LARGE = "[" + "{},".repeat(30_000) + "{}]";

    private final JsonResponses answers = new JsonResponses();
    private final ResponseMemory memory = memory("100KB");

    private static ResponseMemory memory(String size) {
        return new ResponseMemory(ShippedSettings.api(
                "colleagues.apis.default.max-response-size=" + size, "colleagues.apis.default.patience=20ms"));
    }

    private static ResponseMemory patientMemory() {
        return new ResponseMemory(ShippedSettings.api("colleagues.apis.default.max-response-size=100KB"));
    }

    @Test
    void parsesLargeResponsesOneAfterTheOther() throws InterruptedException {
        ResponseMemory patient = patientMemory();
        AtomicInteger trees = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch written = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            Thread.ofPlatform().start(() -> {
                call(patient, exchange -> {
                    answers.read(stream(LARGE), null);
                    trees.incrementAndGet();
                    written.await();
                    trees.decrementAndGet();
                });
                ended.incrementAndGet();
            });
        }
        await().until(() -> trees.get() == 1);
        await().during(Duration.ofMillis(100)).until(() -> trees.get() == 1);

        written.countDown();

        await().until(() -> ended.get() == 5);
    }

    /** They do not wait for large ones. */
    @Test
    void parsesSmallResponsesSideBySide() {
        Room large = memory.room(1_000_000, RunCalls.current());
        call(memory, outer -> {
            answers.read(stream("[{},{}]"), null);
            Thread other =
                    Thread.ofPlatform().start(() -> call(memory, exchange -> answers.read(stream("[{},{}]"), null)));
            other.join();
        });
        large.close();
        call(memory, exchange -> answers.read(stream(LARGE), null));
    }

    @Test
    void smallResponsesDoNotWaitBehindALargeOneThatWaits() throws InterruptedException {
        ResponseMemory patient = patientMemory();
        Room large = patient.room(1_000_000, RunCalls.current());
        Thread waiting = Thread.ofPlatform()
                .start(() -> patient.room(70_000, RunCalls.current()).close());
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        patient.room(1_000, RunCalls.current()).close();

        assertThat(waiting.isAlive()).isTrue();
        large.close();
        waiting.join();
    }

    /** Other calls do not wait behind the cancelled one. */
    @Test
    void cancelEndsTheWaitsOfThatRun() throws Exception {
        ResponseMemory patient = patientMemory();
        Room large = patient.room(1_000_000, RunCalls.current());
        RunCalls run = new RunCalls();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread cancelled = Thread.ofPlatform().start(() -> {
            try {
                run.during(() -> call(patient, exchange -> answers.read(stream(LARGE), null)));
            } catch (Exception e) {
                failure.set(e);
            }
        });
        await().until(() -> cancelled.getState() == Thread.State.TIMED_WAITING);
        Thread other = Thread.ofPlatform().start(() -> call(patient, exchange -> answers.read(stream(LARGE), null)));
        await().until(() -> other.getState() == Thread.State.TIMED_WAITING);

        run.cancel();

        cancelled.join();
        assertThat(failure.get())
                .hasRootCauseInstanceOf(PausedException.class)
                .hasRootCauseMessage("the run is cancelled");
        assertThat(other.isAlive()).isTrue();
        large.close();
        other.join();
    }

    /** A response that is larger than all the room gets all of it. */
    @Test
    void givesRoomBackHoweverTheCallEnds() {
        for (int i = 0; i < 5; i++) {
            call(memory, exchange -> answers.read(stream(LARGE + " ".repeat(200_000)), null));
            assertThatThrownBy(() -> call(memory, exchange -> {
                        answers.read(stream(LARGE), null);
                        throw new IllegalStateException("expected by this test");
                    }))
                    .hasRootCauseMessage("expected by this test");
        }
    }

    /** The call waits to be retried while others parse. */
    @Test
    void holdsNoRoomAfterInvalidJson() {
        call(memory, outer -> {
            assertThatThrownBy(() -> answers.read(stream(LARGE + "]"), null)).isNotNull();
            Thread other = Thread.ofPlatform().start(() -> call(memory, exchange -> answers.read(stream(LARGE), null)));
            other.join();
            memory.room(100_000, RunCalls.current()).close();
        });
    }

    @Test
    void responsesOutsideExportsNeedNoRoom() throws Exception {
        Room all = memory.room(1_000_000, RunCalls.current());

        assertThat(answers.read(stream(LARGE), null)).hasSize(30_001);
        all.close();
    }

    @Test
    void pausesAfterWaitingTooLong() {
        Room all = memory.room(1_000_000, RunCalls.current());

        assertThatThrownBy(() -> memory.room(70_000, RunCalls.current()))
                .isInstanceOf(PausedException.class)
                .hasMessage("waited 0.02 s for memory to parse a response");
        all.close();
    }

    private static void call(ResponseMemory memory, Processor steps) {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            memory.wrap(null, steps).process(exchange);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream stream(String json) {
        return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
    }
}
