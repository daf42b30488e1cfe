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
        assertThat(output).contains("a.camel.yaml:1:1: wrong", "edit rejected: routes/a.camel.yaml (new); ");
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
        assertThat(output).contains("edit rejected: a;", "edit rejected: a, b;");
    }

    @Test
    void lastingFailureIsLoggedOnce() {
        edits.failed("cannot read the route files");
        edits.failed("cannot read the route files");

        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void revertedEditIsNotCountedAndRestoresHealth(CapturedOutput output) {
        edits.mended();
        assertThat(output).doesNotContain("again");
        edits.failed("wrong");
        edits.mended();

        assertThat(edits.problems()).isEmpty();
        assertThat(count("accepted")).isZero();
        assertThat(output).contains("the running routes match the route files again");
    }

    @Test
    void goodEditNamesWhatChanged(CapturedOutput output) {
        edits.accepted(changes(Map.of("a", "1", "b", "1", "c", "1"), Map.of("a", "1", "b", "2", "d", "1")));

        assertThat(output).contains("are live: b, c (deleted), d (new)");
    }

    @Test
    void namesChangesThatNeedARestart(CapturedOutput output) {
        edits.accepted(changes(Map.of("a", "1", "rest.camel.yaml", "1"), Map.of("a", "2", "rest.camel.yaml", "2")));

        assertThat(output).contains("are live: a", "restart to apply changes in: rest.camel.yaml");
    }

    @Test
    void doesNotReportAsLiveWhatNeedsARestart(CapturedOutput output) {
        edits.accepted(changes(Map.of("rest.camel.yaml", "1"), Map.of()));

        assertThat(output)
                .doesNotContain("are live")
                .contains("restart to apply changes in: rest.camel.yaml (deleted)");
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
