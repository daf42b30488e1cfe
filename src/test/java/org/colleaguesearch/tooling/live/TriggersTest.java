package org.colleaguesearch.tooling.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which triggers wait and which start when routes are replaced. */
@Timeout(60)
class TriggersTest {
    @TempDir
    Path folder;

    /** The messages that arrived at the end of the route, by generation. */
    private final Map<String, List<String>> arrived = new ConcurrentHashMap<>();

    private final List<CamelContext> contexts = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RouteGenerations routes;

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(folder.resolve("in"));
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        contexts.forEach(CamelContext::stop);
    }

    @Test
    void queuedMessagesFinishOnTheirOriginalRoutes() throws Exception {
        String text = """
                - route: {id: in, from: {uri: "direct:in", steps: [{to: {uri: "seda:queue"}}]}}
                - route: {id: out, from: {uri: "seda:queue", steps: [{to: {uri: "bean:gate"}}, {to: {uri: "bean:end"}}]}}
                """;
        begin(text);
        Generation second = replaceBy("second", text);
        send(second, "a", "b", "c");
        replaceBy("third", text);

        routes.settle();
        assertThat(second.camel().isStopped()).isFalse();

        goOn.countDown();
        awaitStop(second);
        assertThat(arrived("second")).containsExactly("a", "b", "c");
    }

    @Test
    void fileInProgressIsNotConsumedAgainByTheNextRoutes() throws Exception {
        String text = files("in?delete=true&delay=50&initialDelay=0", "{to: {uri: \"bean:gate\"}}, ");
        Files.writeString(folder.resolve("in/a"), "a");
        begin(text);
        await().until(() -> routes.inFlight("in") == 1);
        replaceBy("second", text);
        Files.writeString(folder.resolve("in/b"), "b");
        replaceBy("third", text);
        routes.settle();
        assertThat(routes.context().getRouteController().getRouteStatus("in").isStarted())
                .isFalse();

        goOn.countDown();
        await().until(() -> {
            routes.settle();
            return arrived("third").size() == 1;
        });
        assertThat(arrived("first")).containsExactly("a");
        assertThat(arrived("second")).isEmpty();
        assertThat(arrived("third")).containsExactly("b");
    }

    @Test
    void waitingTriggerKeepsWaitingWhenALaterEditFails() throws Exception {
        String text = files("in?delete=true&delay=50&initialDelay=0", "{to: {uri: \"bean:gate\"}}, ");
        String off = "- route: {id: off, autoStartup: FALSE, from: {uri: \"timer:off?delay=0\", steps: [{to: {uri:"
                + " \"bean:end\"}}]}}\n";
        Files.writeString(folder.resolve("in/a"), "a");
        begin(text);
        await().until(() -> routes.inFlight("in") == 1);
        replaceBy("second", text + off);
        String broken = """
                - route:
                    id: broken
                    from: {uri: "file:%s/gone?startingDirectoryMustExist=true&autoCreate=false", steps: [{to: {uri: "bean:end"}}]}
                """.formatted(folder);
        assertThatThrownBy(() -> replaceBy("third", text + off + broken)).isInstanceOf(Exception.class);
        Files.writeString(folder.resolve("in/b"), "b");

        goOn.countDown();
        awaitArrivalIn("second");
        assertThat(arrived("first")).containsExactly("a");
        assertThat(arrived("second")).containsExactly("b");
        assertThat(arrived("third")).isEmpty();
    }

    @Test
    void retriesWaitingTriggerThatCannotStart() throws Exception {
        String text = files(
                "in?delete=true&delay=50&initialDelay=0&startingDirectoryMustExist=true&autoCreate=false",
                "{to: {uri: \"bean:gate\"}}, ");
        Files.writeString(folder.resolve("in/a"), "a");
        begin(text);
        await().until(() -> routes.inFlight("in") == 1);
        replaceBy("second", text);

        Files.move(folder.resolve("in"), folder.resolve("away"));
        goOn.countDown();
        await().untilAsserted(() -> assertThatThrownBy(() -> routes.settle()).isInstanceOf(Exception.class));
        Files.createDirectory(folder.resolve("in"));
        Files.writeString(folder.resolve("in/b"), "b");
        awaitArrivalIn("second");
        assertThat(arrived("second")).containsExactly("b");
    }

    @Test
    void scheduleFiresOnceAtEachTimeAcrossEdits() throws Exception {
        String text = """
                - route:
                    id: in
                    from:
                      uri: quartz:in?cron=*+*+*+*+*+?
                      steps: [{setBody: {simple: "${date:header.scheduledFireTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"}}, {to: {uri: "bean:end"}}]
                """;
        begin(text);
        await().until(() -> !arrived("first").isEmpty());
        Generation last = replaceBy("edit", text);
        for (int edit = 0; arrived.values().stream().mapToInt(List::size).sum() < 5; edit++) {
            Generation next = replaceBy("edit" + edit, text);
            awaitStop(last);
            last = next;
        }

        List<Instant> times = arrived.values().stream()
                .flatMap(List::stream)
                .map(Instant::parse)
                .sorted()
                .toList();
        assertThat(times)
                .containsExactlyElementsOf(Stream.iterate(times.get(0), time -> time.plusSeconds(1))
                        .limit(times.size())
                        .toList());
    }

    @Test
    void firingsThatQuartzBeginsEarlyAreNotLost() throws Exception {
        // Quartz fires up to 2 ms early, which is likely here.
        String text = """
                - route:
                    id: in
                    from:
                      uri: quartz:in?trigger.repeatCount=-1&trigger.repeatInterval=5
                      steps: [{setBody: {simple: "${date:header.scheduledFireTime:yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}"}}, {to: {uri: "bean:end"}}]
                """;
        begin(text);
        await().until(() -> !arrived("first").isEmpty());
        Generation last = null;
        for (int edit = 0; edit < 20; edit++) {
            last = replaceBy("edit" + edit, text);
        }
        replaceBy("last", text.replace("id: in", "id: other").replace("quartz:in", "quartz:other"));
        awaitStop(last);

        List<Instant> times = arrived.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("last"))
                .flatMap(entry -> entry.getValue().stream())
                .map(Instant::parse)
                .sorted()
                .toList();
        assertThat(times)
                .containsExactlyElementsOf(Stream.iterate(times.get(0), time -> time.plusMillis(5))
                        .limit(times.size())
                        .toList());
    }

    @Test
    void timerWithoutPausesStopsWithItsGeneration() throws Exception {
        String text = """
                - route:
                    id: in
                    from: {uri: "timer:in?delay=-1", steps: [{to: {uri: "bean:end"}}, {delay: {constant: 1}}]}
                """;
        begin(text);
        await().until(() -> !arrived("first").isEmpty());
        replaceBy("second", text);

        await().until(() -> {
            routes.settle();
            // It still fires without pauses.
            return arrived("second").size() > 20;
        });
        int last = arrived("first").size();
        await().during(Duration.ofMillis(300)).until(() -> arrived("first").size() == last);
    }

    @Test
    void templatedRouteWithParameterAsSourceStartsImmediately() throws Exception {
        String text = """
                - routeTemplate:
                    id: any
                    parameters: [{name: from}]
                    from: {uri: "{{from}}", steps: [{to: {uri: "bean:end"}}]}
                - templatedRoute:
                    routeId: in
                    routeTemplateRef: any
                    parameters: [{name: from, value: "direct:in"}]
                """;
        begin(text);
        send(replaceBy("second", text), "a");

        assertThat(arrived("second")).containsExactly("a");
    }

    @Test
    void timerWaitsForTheWorkOfItsPredecessor() throws Exception {
        String text = """
                - route:
                    id: in
                    from: {uri: "timer:in?delay=0&period=50", steps: [{to: {uri: "bean:gate"}}, {to: {uri: "bean:end"}}]}
                """;
        begin(text);
        await().until(() -> routes.inFlight("in") == 1);
        replaceBy("second", text);
        routes.settle();
        assertThat(routes.inFlight("in")).isEqualTo(1);

        goOn.countDown();
        awaitArrivalIn("second");
        assertThat(arrived("first")).hasSize(1);
    }

    @Test
    void oneShotTimerDoesNotFireAtEachEdit() throws Exception {
        begin(timer("repeatCount=2&delay=0&period=10"));
        await().until(() -> arrived("first").size() == 2);
        for (String text :
                List.of(timer("repeatCount=2&delay=0&period=10"), timer("repeatCount=3&delay=0&period=10"))) {
            replaceBy("next", text);
            await().during(Duration.ofMillis(300)).until(() -> arrived("next").isEmpty());
        }
    }

    @Test
    void finishedScheduleDoesNotFireAtEachEdit() throws Exception {
        String text = """
                - route:
                    id: in
                    from: {uri: "quartz:in?trigger.repeatCount=0&trigger.repeatInterval=1000", steps: [{to: {uri: "bean:end"}}]}
                """;
        begin(text);
        await().until(() -> arrived("first").size() == 1);
        replaceBy("second", text);
        replaceBy("third", text);

        await().during(Duration.ofMillis(1200))
                .until(() -> arrived("second").isEmpty() && arrived("third").isEmpty());
    }

    @Test
    void readdedTriggerIsNew() throws Exception {
        String text = timer("repeatCount=1&delay=50");
        begin(text);
        await().until(() -> arrived("first").size() == 1);
        replaceBy("without", text.replace("id: in", "id: other"));
        replaceBy("again", text);

        await().until(() -> arrived("again").size() == 1);
    }

    @Test
    void enabledTriggerStarts() throws Exception {
        // With a delay of 0, Camel's timer may fire before its consumer counts as started, and then does nothing.
        String text = timer("delay=50&period=100000");
        begin(text.replace("id: in,", "id: in, autoStartup: false,"));
        replaceBy("second", text);

        await().until(() -> arrived("second").size() == 1);
    }

    private String files(String uri, String gate) {
        return """
                - route:
                    id: in
                    from: {uri: "file:%s/%s", steps: [{convertBodyTo: {type: String}}, %s{to: {uri: "bean:end"}}]}
                """.formatted(folder, uri, gate);
    }

    private static String timer(String options) {
        return """
                - route: {id: in, from: {uri: "timer:in?%s", steps: [{to: {uri: "bean:end"}}]}}
                """.formatted(options);
    }

    private List<String> arrived(String generation) {
        return arrived.computeIfAbsent(generation, name -> new CopyOnWriteArrayList<>());
    }

    private void awaitArrivalIn(String generation) {
        await().until(() -> {
            routes.settle();
            return !arrived(generation).isEmpty();
        });
    }

    private void awaitStop(Generation generation) {
        await().until(() -> {
            routes.settle();
            return generation.camel().isStopped();
        });
    }

    private static void send(Generation generation, String... bodies) {
        for (String body : bodies) {
            Exchange exchange = new DefaultExchange(generation.camel());
            exchange.getMessage().setBody(body);
            generation.call("direct:in", exchange);
            assertThat(exchange.getException()).isNull();
        }
    }

    private void begin(String text) throws Exception {
        CamelContext camel = context("first", text);
        camel.start();
        routes = new RouteGenerations(camel, edition -> false);
    }

    private Generation replaceBy(String name, String text) throws Exception {
        CamelContext camel = context(name, text);
        Set<String> held = Triggers.hold(camel);
        camel.start();
        Generation generation = new Generation(camel, held, folder.resolve(name));
        routes.replaceBy(generation);
        return generation;
    }

    private CamelContext context(String name, String text) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        contexts.add(camel);
        // Camel does not stop a timer without pauses any sooner.
        camel.getShutdownStrategy().setTimeout(1);
        camel.getRegistry().bind("end", (Processor)
                exchange -> arrived(name).add(exchange.getMessage().getBody(String.class)));
        camel.getRegistry().bind("gate", (Processor) exchange -> goOn.await());
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("routes.camel.yaml", text));
        return camel;
    }
}
