package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.check.Mutation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.FileSystemUtils;

/**
 * Makes faulty edits of all shipped route files. Each is reported in the right file and nearly always at the right
 * line, unless Camel loads the same routes, or other valid ones. {@code -Dmutations=1000} makes more edits.
 */
class MutationTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutationTest.class);
    private static final int COUNT = Integer.getInteger("mutations", 50);

    private enum Outcome {
        /** Reported in the right file, at one of {@link Mutation#rightLines}. */
        REPORTED,
        /**
         * Reported elsewhere in a message that names one of these lines, such as where a removed name is used, or where
         * the YAML becomes invalid.
         */
        NAMED,
        /** Reported in the right file, at another line. */
        OTHER_LINE,
        /** Camel loads the same routes. */
        EQUIVALENT,
        /** Camel loads routes that differ only in the edit. */
        OTHER_ROUTES,
        /** Missed by the check. */
        WRONG
    }

    private final Environment settings = Shipped.settings();
    private final RouteCheck check = RouteCheck.of(settings);

    @TempDir
    private Path folder;

    @Test
    void reportsEveryMutationInPlaceUnlessItIsHarmless() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        List<Path> files = check.files(folder);
        List<String> original = CamelModel.of(folder, files, settings);
        Map<Kind, Map<Outcome, Integer>> table = new EnumMap<>(Kind.class);
        List<String> others = new ArrayList<>();
        List<String> wrong = new ArrayList<>();

        for (Mutation mutation : Mutations.ofShipped(COUNT)) {
            List<String> details = new ArrayList<>();
            Outcome outcome = outcome(mutation, files, original, details);
            table.computeIfAbsent(mutation.kind(), kind -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.WRONG) {
                wrong.add(mutation + " " + details);
            } else if (outcome != Outcome.REPORTED) {
                others.add(outcome + " " + mutation + " " + details);
            }
        }

        table.forEach((kind, outcomes) -> LOG.info("{}: {}", kind, outcomes));
        others.forEach(LOG::info);
        assertThat(wrong).isEmpty();
        assertThat(table).hasSize(Kind.values().length);
        assertThat(others).hasSizeLessThan(COUNT / 5);
        assertThat(others)
                .filteredOn(other -> other.startsWith(Outcome.OTHER_LINE.name()))
                .hasSizeLessThan(COUNT / 20);
    }

    private Outcome outcome(Mutation mutation, List<Path> files, List<String> original, List<String> details)
            throws IOException {
        Path file = folder.resolve(mutation.file());
        Files.writeString(file, mutation.text());
        try {
            List<Problem> problems = check.check(folder);
            problems.stream().limit(3).map(Problem::toString).forEach(details::add);
            if (!problems.isEmpty()) {
                return reported(mutation, problems);
            }
            List<String> difference =
                    new ArrayList<>(CamelModel.difference(original, CamelModel.of(folder, files, settings)));
            details.addAll(difference);
            return difference.isEmpty()
                    ? Outcome.EQUIVALENT
                    // For a rest, Camel's model contains the route, too.
                    : difference.size() <= 4 ? Outcome.OTHER_ROUTES : Outcome.WRONG;
        } catch (Exception e) {
            details.add("rejected by Camel: " + e);
            return Outcome.WRONG;
        } finally {
            Files.writeString(file, String.join("\n", mutation.lines()));
        }
    }

    private static Outcome reported(Mutation mutation, List<Problem> problems) {
        if (problems.stream()
                .anyMatch(problem -> problem.file().equals(mutation.file())
                        && mutation.rightLines().contains(problem.line()))) {
            return Outcome.REPORTED;
        }
        return mutation.rightLines().stream()
                        .map(line -> mutation.file() + ":" + line + ":")
                        .anyMatch(place -> problems.stream()
                                .anyMatch(problem -> problem.text().contains(place)))
                ? Outcome.NAMED
                : problems.stream().anyMatch(problem -> problem.file().equals(mutation.file()))
                        ? Outcome.OTHER_LINE
                        : Outcome.WRONG;
    }
}
