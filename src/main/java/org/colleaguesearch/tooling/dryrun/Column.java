package org.colleaguesearch.tooling.dryrun;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of printable text, wrapped to a width.
 *
 * @param width in columns of the terminal, at least 2
 */
record Column(int width) {
    /** Wraps lines and truncates them to {@code most}; the last line then says how many are left out. */
    List<String> of(List<String> lines, int most) {
        List<String> wrapped =
                lines.stream().flatMap(line -> wrap(line).stream()).toList();
        if (wrapped.size() <= most) {
            return wrapped;
        }
        List<String> first = new ArrayList<>(wrapped.subList(0, most - 1));
        first.add(
                wrap("… %d more lines".formatted(wrapped.size() - first.size())).getFirst());
        return first;
    }

    private List<String> wrap(String line) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int columns = 0;
        for (int c : line.codePoints().toArray()) {
            if (columns + Printable.columns(c) > width) {
                int end = end(part);
                parts.add(part.substring(0, end));
                part.delete(0, end);
                columns = columns(part);
            }
            part.appendCodePoint(c);
            columns += Printable.columns(c);
        }
        parts.add(part.toString());
        return parts;
    }

    /** The index after the last space, unless that is in the first half, where spaces may be indentation. */
    private static int end(StringBuilder part) {
        int space = part.lastIndexOf(" ");
        return space > part.length() / 2 ? space + 1 : part.length();
    }

    private static int columns(CharSequence text) {
        return text.codePoints().map(Printable::columns).sum();
    }

    /** Pads a line with spaces to the width. */
    String pad(String line) {
        return line + " ".repeat(Math.max(0, width - columns(line)));
    }
}
