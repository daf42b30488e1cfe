package org.colleaguesearch.embedded;

import java.util.List;
import java.util.regex.Pattern;

/** The most informative line in the log of a failed start. Stateless. */
final class FailureExcerpt {
    /** In order of preference: the root cause, which comes last in the log; an error; any line. */
    private static final List<Pattern> TELLING = List.of(
            Pattern.compile("Likely root cause: .*"),
            Pattern.compile("Caused by: .*"),
            Pattern.compile("^(?:Exception in thread|Error|fatal|[a-z.]+\\.[A-Z]\\w*(?:Exception|Error)\\b).*"),
            Pattern.compile("(?<=\\]\\[(?:ERROR|FATAL)\\s?\\]).*"),
            Pattern.compile("^(?!\\s|warning|WARNING|For complete error).*\\S.*"));

    private static final int MOST_CHARACTERS = 300;

    private FailureExcerpt() {}

    static String of(String log) {
        List<String> lines = log.lines().toList().reversed();
        return TELLING.stream()
                .flatMap(telling -> lines.stream()
                        .map(telling::matcher)
                        .filter(m -> m.find())
                        .limit(1))
                .map(found -> found.group().strip())
                .map(line -> line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "…" : line)
                .findFirst()
                .orElse("the log is empty");
    }
}
