package org.colleaguesearch.tooling.check;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Nearest;

/**
 * A name of a jq program that stands for nothing, as {@link JqNames} has names. Immutable.
 *
 * @param at letter of the program, counted from 0
 * @param known the names that stand for something there
 */
record UnknownJqName(String name, int at, Set<String> known) {
    /** What jq 1.7 and 1.8 have, and jq in Java does not. */
    private static final Set<String> OF_JQ_ONLY = Set.of(
            ("IN INDEX @base32 @base32d abs acosh ascii asinh atanh bsearch copysign date dateadd datesub debug drem env"
                            + " erf fabs fdim fma fmax fmin fmod format frexp fromdate fromstream gamma get_search_list"
                            + " gmtime halt halt_error have_decnum have_literal_numbers hypot input"
                            + " input_filename input_line_number inputs isempty isvalid j0 j1 jn ldexp lgamma lgamma_r"
                            + " localtime logb ltrim mktime modf modulemeta nearbyint nextafter nexttoward pow10 repeat"
                            + " rint rtrim scalb scalbln significand skip stderr strflocaltime tgamma toarray todate"
                            + " tostream trim trimstr trunc truncate_stream y0 y1 yn")
                    .split(" ", -1));

    /** For people: what is wrong, and what to do. */
    String text() {
        if (name.startsWith("$")) {
            return "there is no variable '" + name + "'"
                    + meant("$")
                            .orElse(": bind it before, as in . as " + name
                                    + " | …, or take header(\"…\") or variable(\"…\")");
        }
        if (name.startsWith("break ")) {
            return "there is no label for '" + name + "': begin with label " + name.substring(6) + " | …";
        }
        if (name.equals("import") || name.equals("include")) {
            return "there is nothing to " + name + ": write what is needed into this program";
        }
        return function();
    }

    private String function() {
        String word = word(name);
        String taken = known.stream()
                .filter(other -> other.startsWith(word + "/"))
                .map(other -> other.substring(word.length() + 1))
                .collect(Collectors.joining(" or "));
        if (!taken.isEmpty()) {
            return "'" + word + "' takes " + taken
                    + (taken.equals("1") ? " argument" : " arguments, parted by semicolons") + ", not "
                    + name.substring(word.length() + 1);
        }
        if (OF_JQ_ONLY.contains(word)) {
            return "Camel's jq has no '" + word + "': do it by other functions, or in a step before";
        }
        return word.startsWith("@")
                ? "there is no format '" + word + "'" + meant("@").orElse("; there are @json, @csv, @base64 and others")
                : "there is no function '" + word + "'" + meant("").orElse("; did you mean '." + word + "'?");
    }

    /** For the end of a message: what begins like it and is nearest. */
    private Optional<String> meant(String begin) {
        return Nearest.meant(
                        word(name),
                        known.stream()
                                .filter(other -> other.startsWith(begin))
                                .map(UnknownJqName::word)
                                .collect(Collectors.toSet()))
                .map(near -> "; did you mean '" + near + "'?");
    }

    /** Without the number of its arguments. */
    private static String word(String name) {
        return name.replaceFirst("/\\d+$", "");
    }
}
