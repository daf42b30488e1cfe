package org.colleaguesearch.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class EditsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Edits edits = new Edits(registry);
    private final RoutesHealthIndicator indicator = new RoutesHealthIndicator(edits);

    @Test
    void refusedEditIsLoggedCountedAndInHealthUntilAGoodOne(CapturedOutput output) {
        edits.refused(List.of("routes/a.camel.yaml:1:1: wrong", "routes/b.camel.yaml:2:2: wrong, too"));

        Health health = indicator.health();
        assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(health.getDetails())
                .containsEntry(
                        "problems", List.of("routes/a.camel.yaml:1:1: wrong", "routes/b.camel.yaml:2:2: wrong, too"));
        assertThat(output).contains("a.camel.yaml:1:1: wrong", "those from before the edit go on");
        assertThat(count("refused")).isEqualTo(1);

        edits.accepted(Map.of(), Map.of());
        assertThat(indicator.health()).isEqualTo(Health.up().build());
        assertThat(count("accepted")).isEqualTo(1);
    }

    @Test
    void sameProblemsAreSaidOnce() {
        edits.refused(List.of("the route files cannot be read"));
        edits.refused(List.of("the route files cannot be read"));

        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void editThatIsTakenBackIsNoneAndMendsHealth(CapturedOutput output) {
        edits.undone();
        assertThat(output).doesNotContain("again");
        edits.refused(List.of("wrong"));
        edits.undone();

        assertThat(edits.problems()).isEmpty();
        assertThat(count("accepted")).isZero();
        assertThat(output).contains("the route files are again as those that run");
    }

    @Test
    void goodEditNamesWhatChanged(CapturedOutput output) {
        edits.accepted(
                Map.of(Path.of("a"), "1", Path.of("b"), "1", Path.of("c"), "1"),
                Map.of(Path.of("a"), "1", Path.of("b"), "2", Path.of("d"), "1"));

        assertThat(output).contains("live as edited: b, c (gone), d (new)");
    }

    @Test
    void saysWhatTakesEffectAtTheNextStartOnly(CapturedOutput output) {
        edits.accepted(
                Map.of(Path.of("routes/api/rest.camel.yaml"), "1"), Map.of(Path.of("routes/api/rest.camel.yaml"), "2"));

        assertThat(output).contains("routes/api/rest.camel.yaml (at the next start)");
    }

    private double count(String result) {
        return registry.get("colleagues.route.edits")
                .tag("result", result)
                .counter()
                .count();
    }
}
