package org.colleaguesearch.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What became of the edits of route files: says so in the log, counts them, and keeps what is wrong with the last one.
 * One thread tells; any may read what is wrong, which is replaced as a whole.
 */
@Component
class Edits {
    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final String COUNTER = "colleagues.route.edits";

    private final Counter accepted;
    private final Counter refused;
    private volatile List<String> problems = List.of();

    Edits(MeterRegistry registry) {
        this.accepted = registry.counter(COUNTER, "result", "accepted");
        this.refused = registry.counter(COUNTER, "result", "refused");
    }

    /** What is wrong with the files as they are; empty when they are what runs. */
    List<String> problems() {
        return problems;
    }

    void accepted(Map<Path, String> before, Map<Path, String> after) {
        accepted.increment();
        problems = List.of();
        LOG.info("the routes are live as edited: {}", String.join(", ", differences(before, after)));
    }

    void refused(List<String> lines) {
        if (lines.equals(problems)) {
            return;
        }
        refused.increment();
        problems = List.copyOf(lines);
        lines.forEach(LOG::error);
        LOG.error("the edited routes are not taken; those from before the edit go on");
    }

    /** The files are as what runs. */
    void undone() {
        if (!problems.isEmpty()) {
            problems = List.of();
            LOG.info("the route files are again as those that run");
        }
    }

    private static List<String> differences(Map<Path, String> before, Map<Path, String> after) {
        TreeSet<Path> files = new TreeSet<>(before.keySet());
        files.addAll(after.keySet());
        return files.stream()
                .filter(file -> !after.getOrDefault(file, "").equals(before.getOrDefault(file, "")))
                .map(file -> file + what(before.containsKey(file), after.containsKey(file), Generations.isDoor(file)))
                .toList();
    }

    private static String what(boolean wasThere, boolean isThere, boolean isDoor) {
        if (isDoor) {
            return " (at the next start)";
        }
        return wasThere ? isThere ? "" : " (gone)" : " (new)";
    }
}
