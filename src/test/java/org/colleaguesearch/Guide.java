package org.colleaguesearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The steps of docs/guide.md, verbatim. */
record Guide(List<Step> steps) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern NAME = Pattern.compile("^# (site/\\S+\\.ya?ml)$");

    sealed interface Step {}

    /** A file to save under this name with this text. */
    record Save(String file, String text) implements Step {}

    /**
     * A command to type.
     *
     * @param output its expected output: … stands for any text, and alone on a line for any number of lines
     */
    record Command(String command, List<String> output) implements Step {
        boolean isMet(String printed) {
            String pattern = output.stream()
                    .map(line -> line.equals("…") ? "(?:.*\\n)*?" : inLine(line) + "\\n")
                    .collect(Collectors.joining());
            // A terminal shows no carriage returns, such as those of CSV files.
            return Pattern.matches(pattern, printed.replace("\r", ""));
        }

        private static String inLine(String line) {
            return Pattern.compile("…")
                    .splitAsStream(line + "\0")
                    .map(part -> Pattern.quote(part.replace("\0", "")))
                    .collect(Collectors.joining(".*"));
        }
    }

    static Guide read(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(Files.readString(file));
        while (blocks.find()) {
            if (blocks.group(1).equals("yaml")) {
                Matcher name = NAME.matcher(blocks.group(2).lines().findFirst().orElseThrow());
                if (!name.matches()) {
                    throw new AssertionError("a file without a name: " + blocks.group(2));
                }
                steps.add(new Save(name.group(1), blocks.group(2)));
            } else {
                for (String command : blocks.group(2).split("(?m)^\\$ ", -1)) {
                    if (!command.isEmpty()) {
                        List<String> lines = command.lines().toList();
                        steps.add(new Command(lines.get(0), lines.subList(1, lines.size())));
                    }
                }
            }
        }
        return new Guide(steps);
    }
}
