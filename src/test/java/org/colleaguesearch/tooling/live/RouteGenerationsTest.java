package org.colleaguesearch.tooling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RouteGenerationsTest {
    @TempDir
    Path folder;

    private final List<CamelContext> contexts = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    /** The editions that runs under way began with. */
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    private final RouteGenerations routes = new RouteGenerations(first("timer:first?period=10"), inUse::contains);

    @AfterEach
    void stop() {
        goOn.countDown();
        contexts.forEach(CamelContext::stop);
    }

    @Test
    void newWorkStartsInTheNextGeneration() throws Exception {
        assertThat(call()).isEqualTo("first");
        routes.replaceBy(generation("second", "timer:second?period=10"));

        assertThat(call()).isEqualTo("second");
        assertThat(routes.context().getName()).isEqualTo("second");
    }

    @Test
    void triggersMoveToTheNextGeneration() throws Exception {
        await().until(() -> counted("first") > 0);
        routes.replaceBy(generation("second", "timer:second?period=10"));

        int last = counted("first");
        await().until(() -> counted("second") > 2);
        assertThat(counted("first")).isLessThanOrEqualTo(last + 1);
    }

    @Test
    void generationWhoseTriggerDoesNotStartChangesNothing() throws Exception {
        Generation broken =
                generation("broken", "file:" + folder + "/gone?startingDirectoryMustExist=true&autoCreate=false");
        int before = counted("first");

        assertThatThrownBy(() -> routes.replaceBy(broken)).isInstanceOf(Exception.class);

        assertThat(call()).isEqualTo("first");
        await().until(() -> counted("first") > before + 1);
        awaitStop(broken);
    }

    @Test
    void stopsAGenerationWhenItsWorkHasFinished() throws Exception {
        Generation second = generation("second", "timer:second?period=1000&delay=100000");
        routes.replaceBy(second);
        AtomicBoolean hasEnded = new AtomicBoolean();
        Thread held = Thread.ofVirtual().start(() -> {
            routes.enter().call("direct:held", new DefaultExchange(second.camel()));
            second.leave();
            hasEnded.set(true);
        });
        await().until(() -> routes.inFlight("held") == 1);
        routes.replaceBy(generation("third", "timer:third?period=1000&delay=100000"));

        routes.settle();
        assertThat(second.camel().isStopped()).isFalse();
        assertThat(routes.inFlight("held")).isEqualTo(1);

        goOn.countDown();
        held.join();
        assertThat(hasEnded).isTrue();
        awaitStop(second);
        assertThat(call()).isEqualTo("third");
    }

    @Test
    void triggerForRunsWithItsRoutesStaysOpenUntilTheyEnd() throws Exception {
        Generation second = generation("second", "timer:a1b2c3?period=10");
        second.camel().getGlobalOptions().put(CurrentRoutes.EDITION, "a1b2c3");
        routes.replaceBy(second);
        inUse.add("a1b2c3");
        routes.replaceBy(generation("third", "timer:third?period=10"));

        routes.settle();
        int before = counted("second");
        await().until(() -> counted("second") > before + 1 && counted("third") > 0);

        inUse.clear();
        awaitStop(second);
    }

    @Test
    void doesNotStopAGenerationThatACallerHasEntered() throws Exception {
        Generation second = generation("second", "timer:second?delay=100000");
        routes.replaceBy(second);
        Generation entered = routes.enter();
        routes.replaceBy(generation("third", "timer:third?delay=100000"));

        routes.settle();
        assertThat(entered.camel().isStopped()).isFalse();

        entered.leave();
        awaitStop(entered);
    }

    @Test
    void doesNotStopAGenerationWithQueuedWork() throws Exception {
        Generation second = generation("second", "timer:second?delay=100000");
        routes.replaceBy(second);
        Generation entered = routes.enter();
        entered.call("direct:tapping", new DefaultExchange(entered.camel()));
        entered.leave();
        routes.replaceBy(generation("third", "timer:third?delay=100000"));

        routes.settle();
        assertThat(second.camel().isStopped()).isFalse();

        goOn.countDown();
        awaitStop(second);
    }

    private void awaitStop(Generation generation) {
        await().until(() -> {
            routes.settle();
            return generation.camel().isStopped();
        });
    }

    private Object call() {
        Generation generation = routes.enter();
        Exchange exchange = new DefaultExchange(generation.camel());
        generation.call("direct:name", exchange);
        generation.leave();
        return exchange.getMessage().getBody();
    }

    private int counted(String name) {
        return contexts.stream()
                .filter(context -> context.getName().equals(name))
                .mapToInt(context -> context.getRegistry()
                        .lookupByNameAndType("count", AtomicInteger.class)
                        .get())
                .sum();
    }

    private Generation generation(String name, String trigger) {
        DefaultCamelContext context = context(name, trigger);
        Set<String> held = Triggers.hold(context);
        context.start();
        return new Generation(context, held, folder.resolve(name));
    }

    private CamelContext first(String trigger) {
        CamelContext context = context("first", trigger);
        context.start();
        return context;
    }

    private DefaultCamelContext context(String name, String trigger) {
        CountDownLatch latch = goOn;
        DefaultCamelContext context = new DefaultCamelContext();
        AtomicInteger count = new AtomicInteger();
        context.getCamelContextExtension().setName(name);
        context.getRegistry().bind("count", count);
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from(trigger).routeId("trigger").process(exchange -> count.incrementAndGet());
                    from("direct:name").setBody(constant(name));
                    from("direct:held").routeId("held").process(exchange -> latch.await());
                    from("direct:tapping").wireTap("direct:held");
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        contexts.add(context);
        return context;
    }
}
