package org.colleaguesearch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.api.AnswerMemory.Room;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AnswerMemoryTest {
    private static final String LARGE = "[" + "{},".repeat(30_000) + "{}]";

    private final JsonAnswers answers = new JsonAnswers();
    private final AnswerMemory memory = memory("100KB");

    private static AnswerMemory memory(String size) {
        return new AnswerMemory(
                ShippedSettings.with("colleagues.api.max-response-size=" + size, "colleagues.api.patience=20ms"));
    }

    @Test
    void largeAnswersAreTreesOneAfterTheOther() throws InterruptedException {
        AnswerMemory patient = new AnswerMemory(ShippedSettings.with("colleagues.api.max-response-size=100KB"));
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

    /** And wait for no large one. */
    @Test
    void smallAnswersAreTreesSideBySide() {
        Room large = memory.room(1_000_000);
        call(memory, outer -> {
            answers.read(stream("[{},{}]"), null);
            Thread other =
                    Thread.ofPlatform().start(() -> call(memory, exchange -> answers.read(stream("[{},{}]"), null)));
            other.join();
        });
        large.close();
        call(memory, exchange -> answers.read(stream(LARGE), null));
    }

    /** And one that is larger than all the room there is gets all of it. */
    @Test
    void roomIsGivenBackHoweverTheCallEnds() {
        for (int i = 0; i < 5; i++) {
            call(memory, exchange -> answers.read(stream(LARGE + " ".repeat(200_000)), null));
            assertThatThrownBy(() -> call(memory, exchange -> {
                        answers.read(stream(LARGE), null);
                        throw new IllegalStateException("expected by this test");
                    }))
                    .hasRootCauseMessage("expected by this test");
        }
    }

    /** It waits to be made again, while others read. */
    @Test
    void callWhoseAnswerIsNoJsonHoldsNoRoom() {
        call(memory, outer -> {
            assertThatThrownBy(() -> answers.read(stream(LARGE + "]"), null)).isNotNull();
            Thread other = Thread.ofPlatform().start(() -> call(memory, exchange -> answers.read(stream(LARGE), null)));
            other.join();
            memory.room(100_000).close();
        });
    }

    @Test
    void answersOfOthersThanExportsNeedNoRoom() throws Exception {
        Room all = memory.room(1_000_000);

        assertThat(answers.read(stream(LARGE), null)).hasSize(30_001);
        all.close();
    }

    @Test
    void pausesWhenItWaitsTooLong() {
        Room all = memory.room(1_000_000);

        assertThatThrownBy(() -> memory.room(70_000))
                .isInstanceOf(PausedException.class)
                .hasMessage("waited 0.02 s for the memory to read what was fetched");
        all.close();
    }

    private static void call(AnswerMemory memory, Processor steps) {
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
