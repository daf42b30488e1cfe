package org.colleaguesearch.tooling.dryrun;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.settings.Nearest;

/** CSV columns for which no item has a field: a misspelling, or a field that these few people happen to lack. */
final class EmptyColumns {
    private EmptyColumns() {}

    /** One line per column; none if there are no items. */
    static List<String> notes(List<String> columns, List<Fetched> all) {
        Set<String> fields = new TreeSet<>();
        all.stream()
                .flatMap(fetched -> StreamSupport.stream(fetched.section().spliterator(), false))
                .forEach(item -> item.fieldNames().forEachRemaining(fields::add));
        return fields.isEmpty()
                ? List.of()
                : columns.stream()
                        .filter(column -> !fields.contains(column))
                        .map(column -> "no item has a field for column '" + column + "', so its cells are empty"
                                + Nearest.remedy(column, fields))
                        .toList();
    }
}
