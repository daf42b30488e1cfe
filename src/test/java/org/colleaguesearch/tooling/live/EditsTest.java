package org.colleaguesearch.tooling.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.test.system.CapturedOutput;

class EditsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Edits edits = new Edits(registry);
    private final RoutesHealthIndicator indicator = new RoutesHealthIndicator(edits);

    @Test
    void refusedEditIsLoggedCountedAndInHealthUntilAGoodOne(CapturedOutput output) {
        edits.refused(
                List.of("routes/a.camel.yaml:1:1: wrong", "routes/b.camel.yaml:2:2: wrong, too"),
                changes(Map.of(), Map.of("routes/a.camel.yaml", "1")));

        Health health = indicator.health();
        assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(health.getDetails())
                .containsEntry(
                        "problems", List.of("routes/a.camel.yaml:1:1: wrong", "routes/b.camel.yaml:2:2: wrong, too"));
        assertThat(output)
                .contains(
                        "a.camel.yaml:1:1: wrong",
                        "not taken: routes/a.camel.yaml (new); the routes from before go on");
        assertThat(count("refused")).isEqualTo(1);

        edits.accepted(changes(Map.of(), Map.of()));
        assertThat(indicator.health()).isEqualTo(Health.up().build());
        assertThat(count("accepted")).isEqualTo(1);
    }

    @Test
    void editWithTheSameProblemsIsAnotherEdit(CapturedOutput output) {
        edits.refused(List.of("wrong"), changes(Map.of("a", "1"), Map.of("a", "2")));
        edits.refused(List.of("wrong"), changes(Map.of("a", "1", "b", "1"), Map.of("a", "2", "b", "2")));

        assertThat(count("refused")).isEqualTo(2);
        assertThat(output).contains("not taken: a;", "not taken: a, b;");
    }

    @Test
    void whatLastsIsSaidOnce() {
        edits.failed("the route files cannot be read");
        edits.failed("the route files cannot be read");

        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void editThatIsTakenBackIsNoneAndMendsHealth(CapturedOutput output) {
        edits.mended();
        assertThat(output).doesNotContain("again");
        edits.failed("wrong");
        edits.mended();

        assertThat(edits.problems()).isEmpty();
        assertThat(count("accepted")).isZero();
        assertThat(output).contains("the route files are again what runs");
    }

    @Test
    void goodEditNamesWhatChanged(CapturedOutput output) {
        edits.accepted(changes(Map.of("a", "1", "b", "1", "c", "1"), Map.of("a", "1", "b", "2", "d", "1")));

        assertThat(output).contains("live as edited: b, c (gone), d (new)");
    }

    @Test
    void saysWhatTakesEffectAtTheNextStartOnly(CapturedOutput output) {
        edits.accepted(changes(Map.of("a", "1", "rest.camel.yaml", "1"), Map.of("a", "2", "rest.camel.yaml", "2")));

        assertThat(output).contains("live as edited: a", "takes effect at the next start only: rest.camel.yaml");
    }

    @Test
    void doesNotSayThatWhatWaitsForTheNextStartIsLive(CapturedOutput output) {
        edits.accepted(changes(Map.of("rest.camel.yaml", "1"), Map.of()));

        assertThat(output)
                .doesNotContain("are live")
                .contains("takes effect at the next start only: rest.camel.yaml (gone)");
    }

    private static Changes changes(Map<String, String> before, Map<String, String> after) {
        return new Changes(paths(before), paths(after));
    }

    private static Map<Path, String> paths(Map<String, String> files) {
        return files.entrySet().stream().collect(Collectors.toMap(file -> Path.of(file.getKey()), Map.Entry::getValue));
    }

    private double count(String result) {
        return registry.get("colleagues.route.edits")
                .tag("result", result)
                .counter()
                .count();
    }
}
