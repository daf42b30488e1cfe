package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;

/**
 * Prints a report on a terminal: for each person the API's answer beside the document made from it, and the rows below.
 *
 * @param width of the terminal
 * @param most maximum lines of one column, or of the rows of one person
 */
public record SideBySide(int width, int most) {
    /** About one screen. */
    public static final int FEW_LINES = 40;

    public static final int ALL_LINES = Integer.MAX_VALUE;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BETWEEN = " │ ";

    public void print(DryRunReport report, PrintStream out) {
        boolean hasHeader = false;
        for (Tried tried : report.people()) {
            title(tried).forEach(out::println);
            columns(tried).forEach(out::println);
            if (!tried.rows().isEmpty()) {
                out.println();
                List<String> rows = new ArrayList<>(hasHeader ? List.of() : List.of(report.header()));
                rows.addAll(tried.rows());
                new Column(width)
                        .of(rows.stream().map(Printable::of).toList(), most)
                        .forEach(out::println);
                hasHeader = true;
            }
            out.println();
        }
        String summary = "%s: %d of %d people have a section. Nothing was written."
                .formatted(
                        report.indexer(),
                        report.people().size() - report.failed(),
                        report.people().size());
        Stream.concat(report.notes().stream().map(Printable::of), Stream.of(summary))
                .flatMap(line -> new Column(width).of(List.of(line), most).stream())
                .forEach(out::println);
    }

    private List<String> title(Tried tried) {
        return new Column(width)
                .of(
                        List.of(
                                "── " + Printable.of(tried.name()) + " (" + Printable.of(tried.id()) + ")",
                                Printable.of(tried.url())),
                        most);
    }

    private Stream<String> columns(Tried tried) {
        Column column = new Column((width - BETWEEN.length()) / 2);
        List<String> left = column.of(lines("response", tried.responses()), most);
        List<String> right = column.of(right(tried), most);
        return Stream.iterate(0, i -> i + 1)
                .limit(Math.max(left.size(), right.size()))
                .map(i -> column.pad(i < left.size() ? left.get(i) : "")
                        + (BETWEEN + (i < right.size() ? right.get(i) : "")).stripTrailing());
    }

    private static List<String> right(Tried tried) {
        return tried.error() == null
                ? lines("document", List.of(tried.document()))
                : List.of("error", "", Printable.of(tried.error().reason()), attempts(tried.attempts()));
    }

    private static String attempts(int attempts) {
        return attempts == 1 ? "after one call" : "after " + attempts + " calls";
    }

    private static List<String> lines(String heading, List<JsonNode> values) {
        List<String> lines = new ArrayList<>(List.of(heading, ""));
        values.forEach(value -> pretty(value).lines().map(Printable::of).forEach(lines::add));
        return lines;
    }

    private static String pretty(JsonNode value) {
        try {
            // A truncated value is a text, not JSON.
            return value.isTextual()
                    ? value.textValue()
                    : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
