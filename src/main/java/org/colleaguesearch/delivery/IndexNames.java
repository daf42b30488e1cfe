package org.colleaguesearch.delivery;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the indices of an alias: {@code colleagues-v3} for version 3 of the mapping, and {@code colleagues-v3.1} for
 * its first copy because of other declarations.
 */
record IndexNames(String alias) {
    /** The version in the name of an index, or 0. */
    int version(String index) {
        return number(index, 1);
    }

    /** The name of the index of a version. */
    String of(int version) {
        return alias + "-v" + version;
    }

    /** The name of a copy of an index with the same version. */
    String copy(String index) {
        return of(version(index)) + "." + (number(index, 2) + 1);
    }

    private int number(String index, int group) {
        Matcher matcher = Pattern.compile(Pattern.quote(alias) + "-v(\\d{1,9})(?:\\.(\\d{1,9}))?")
                .matcher(index);
        return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
