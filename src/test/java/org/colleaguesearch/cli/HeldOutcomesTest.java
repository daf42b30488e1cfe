package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.colleaguesearch.failure.RequestRefused;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With routes that answer like those of the API. */
class HeldOutcomesTest {
    private static final String NONE = "{\"runs\":[]}";
    private static final String BATCH = "20261123T020000000Z";

    private final Map<String, String> answers = new HashMap<>();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private HeldOutcomes held;

    @BeforeEach
    void start() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String route : new String[] {"list-runs", "get-run-held", "reject-run-held"}) {
                    from("direct:" + route).process(exchange -> answer(route, exchange));
                }
            }
        });
        camel.start();
        held = new HeldOutcomes(camel.createProducerTemplate(), new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void listsRunsAndPeople() {
        answers.put("list-runs completed, held", """
                {"runs":[{"id":"%1$s-patents","batch_id":"%1$s","indexer":"patents","people":100,"held":97}]}""".formatted(BATCH));
        answers.put("list-runs null", "{\"runs\":[{\"batch_id\":\"%s\"}]}".formatted(BATCH));
        answers.put("get-run-held " + BATCH + "-people null", "{\"total\":40,\"held\":[]}");

        held.list();

        assertThat(lines())
                .containsExactly(
                        BATCH + "-patents  97 of 100 people would lose all patents",
                        BATCH + "-people  40 people who are no longer in the list of people would be removed",
                        "see 'held RUN', and then 'held RUN --release' or 'held RUN --reject'");
    }

    @Test
    void saysThatNothingIsHeldBeforeTheFirstBatch() {
        answers.put("list-runs completed, held", NONE);
        answers.put("list-runs null", NONE);

        held.list();

        assertThat(lines()).containsExactly("no run holds outcomes");
    }

    @Test
    void showsEachPersonOfAllPagesOnOneLine() {
        answers.put("get-run-held r null", """
                {"total":2,"held":[{"position":7,"person_id":"ada","name":"A\\nB","items":3}]}""");
        answers.put("get-run-held r 7", "{\"total\":2,\"held\":[{\"position\":9,\"person_id\":\"bob\"}]}");
        answers.put("get-run-held r 9", "{\"total\":2,\"held\":[]}");

        held.show("r");

        assertThat(lines()).hasSize(3).first().isEqualTo("run r holds 2:");
        assertThat(lines().get(1)).startsWith("ada").endsWith("items now: 3, then: 0");
        assertThat(lines().get(2)).startsWith("bob").endsWith("is removed");
    }

    @Test
    void refusesWhatTheApiRefuses() {
        answers.put("get-run-held r null", "{\"status\":404,\"detail\":\"unknown run 'r'\"}");
        answers.put("reject-run-held r null", "{\"status\":409,\"detail\":\"run r holds nothing\"}");

        assertThatThrownBy(() -> held.show("r"))
                .isInstanceOf(RequestRefused.class)
                .hasMessage("unknown run 'r'");
        assertThatThrownBy(() -> held.reject("r")).isInstanceOf(RequestRefused.class);
        assertThat(lines()).isEmpty();
    }

    private void answer(String route, Exchange exchange) {
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        String request = route.equals("list-runs")
                ? route + " " + headers.get("state")
                : route + " " + headers.get("run_id") + " " + headers.get("after");
        exchange.getMessage().setBody(answers.get(request));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
