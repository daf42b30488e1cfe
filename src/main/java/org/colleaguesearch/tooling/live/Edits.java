package org.colleaguesearch.tooling.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Logs and counts the edits of route files, and keeps the problems of the last one. One thread writes; any thread may
 * read the problems, which are replaced as a whole.
 */
@Component
class Edits {
    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final String COUNTER = "colleagues.route.edits";

    private final Counter accepted;
    private final Counter refused;
    private volatile List<String> problems = List.of();

    Edits(MeterRegistry registry) {
        this.accepted = counter("accepted", registry);
        this.refused = counter("refused", registry);
    }

    private static Counter counter(String result, MeterRegistry registry) {
        return Counter.builder(COUNTER)
                .description("Edits of route files while the application ran")
                .tag("result", result)
                .register(registry);
    }

    /** The problems of the current files; empty when the running routes match them. */
    List<String> problems() {
        return problems;
    }

    /** The running routes now match the files, except for the REST file, which needs a restart. */
    void accepted(Changes changes) {
        accepted.increment();
        problems = List.of();
        Map<Boolean, List<Path>> files =
                changes.files().stream().collect(Collectors.partitioningBy(Generations::isDoor));
        if (!files.get(false).isEmpty()) {
            LOG.info("the edited routes are live: {}", changes.line(files.get(false)));
        }
        if (!files.get(true).isEmpty()) {
            LOG.warn("restart to apply changes in: {}", changes.line(files.get(true)));
        }
    }

    /** The edit was rejected for the problems in these lines; the previous routes keep running. */
    void refused(List<String> lines, Changes changes) {
        refuse(lines);
        LOG.error("edit rejected: {}; the previous routes keep running", changes.line(changes.files()));
    }

    /** A failure apart from an edit; logged once, however often it repeats. */
    void failed(String line) {
        if (!problems.equals(List.of(line))) {
            refuse(List.of(line));
        }
    }

    private void refuse(List<String> lines) {
        refused.increment();
        problems = List.copyOf(lines);
        lines.forEach(LOG::error);
    }

    /** The running routes match the files again, without a new edit. */
    void mended() {
        if (!problems.isEmpty()) {
            problems = List.of();
            LOG.info("the running routes match the route files again");
        }
    }
}
