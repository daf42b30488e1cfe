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
        this.accepted = counter("accepted", registry);
        this.refused = counter("refused", registry);
    }

    private static Counter counter(String result, MeterRegistry registry) {
        return Counter.builder(COUNTER)
                .description("Edits of route files while the application ran")
                .tag("result", result)
                .register(registry);
    }

    /** What is wrong with the files as they are; empty when they are what runs. */
    List<String> problems() {
        return problems;
    }

    /** The files are what runs, but for the one where requests come in. */
    void accepted(Changes changes) {
        accepted.increment();
        problems = List.of();
        Map<Boolean, List<Path>> files =
                changes.files().stream().collect(Collectors.partitioningBy(Generations::isDoor));
        if (!files.get(false).isEmpty()) {
            LOG.info("the routes are live as edited: {}", changes.line(files.get(false)));
        }
        if (!files.get(true).isEmpty()) {
            LOG.warn("takes effect at the next start only: {}", changes.line(files.get(true)));
        }
    }

    /** They are not, for what the lines say. */
    void refused(List<String> lines, Changes changes) {
        refuse(lines);
        LOG.error("not taken: {}; the routes from before go on", changes.line(changes.files()));
    }

    /** Something else is wrong, which is said once. */
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

    /** The files are what runs, without an edit. */
    void mended() {
        if (!problems.isEmpty()) {
            problems = List.of();
            LOG.info("the route files are again what runs");
        }
    }
}
