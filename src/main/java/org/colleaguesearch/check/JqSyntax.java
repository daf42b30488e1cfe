package org.colleaguesearch.check;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.language.jq.JqFunctions;
import org.colleaguesearch.yaml.Nearest;

/** The compiler of jq that Camel uses, and the functions that it has. */
public final class JqSyntax {
    private static final Pattern PLACE = Pattern.compile("(.*?) at line (\\d+), column (\\d+).*", Pattern.DOTALL);

    private static final Pattern UNEXPECTED = Pattern.compile("Encountered \" .*\"(.*) \"\"");
    private static final String END = "Encountered \"<EOF>\"";

    private JqSyntax() {}

    /** What is wrong with a program; nothing, if it compiles. */
    public static Optional<WrongExpression> wrong(String program) {
        if (program.isBlank()) {
            return Optional.of(new WrongExpression(1, 1, "it is empty; write . to take all as it is"));
        }
        try {
            JsonQuery.compile(program, Versions.JQ_1_7);
            return JqNames.firstUnknown(program, BuiltIn.NAMES)
                    .map(name -> WrongExpression.at(program, name.at(), unknown(name)));
        } catch (JsonQueryException | RuntimeException e) {
            return Optional.of(wrong(e));
        } catch (StackOverflowError e) {
            return Optional.of(new WrongExpression(1, 1, "it is too deep"));
        }
    }

    private static String unknown(JqNames.Unknown unknown) {
        String name = unknown.name();
        if (name.startsWith("$")) {
            return "there is no variable '" + name + "'"
                    + meant(name, unknown.known(), "$")
                            .orElse(": bind it before, as in . as " + name
                                    + " | …, or take header(\"…\") or variable(\"…\")");
        }
        if (name.startsWith("break ")) {
            return "there is no label for '" + name + "': begin with label " + name.substring(6) + " | …";
        }
        if (name.equals("import") || name.equals("include")) {
            return "there is nothing to " + name + ": write what is needed into this program";
        }
        return function(name.replaceFirst("/\\d+$", ""), unknown);
    }

    private static String function(String name, JqNames.Unknown unknown) {
        String taken = unknown.known().stream()
                .filter(known -> known.startsWith(name + "/"))
                .map(known -> known.substring(name.length() + 1))
                .collect(Collectors.joining(" or "));
        if (!taken.isEmpty()) {
            return "'" + name + "' takes " + taken + " arguments, parted by semicolons, not "
                    + unknown.name().substring(name.length() + 1);
        }
        return name.startsWith("@")
                ? "there is no format '" + name + "'"
                        + meant(name, unknown.known(), "@").orElse("; there are @json, @csv, @base64 and others")
                : "there is no function '" + name + "'"
                        + meant(name, unknown.known(), "").orElse("; did you mean '." + name + "'?");
    }

    /** For the end of a message: what begins like it and is nearest. */
    private static Optional<String> meant(String name, Set<String> known, String begin) {
        return Nearest.meant(
                        name,
                        known.stream()
                                .filter(other -> other.startsWith(begin))
                                .map(other -> other.replaceFirst("/\\d+$", ""))
                                .collect(Collectors.toSet()))
                .map(near -> "; did you mean '" + near + "'?");
    }

    /** What Camel lets a program call. Read when the first program is checked. */
    private static final class BuiltIn {
        static final Set<String> NAMES = names();

        private static Set<String> names() {
            Scope scope = Scope.newEmptyScope();
            JqFunctions.loadLocal(scope);
            return Stream.concat(
                            scope.getLocalFunctions().keySet().stream(),
                            BuiltinFunctionLoader.getInstance()
                                    .listFunctions(JsonQuery.class.getClassLoader(), Versions.JQ_1_7, scope)
                                    .keySet()
                                    .stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static WrongExpression wrong(Exception e) {
        // The parser's own message has the place.
        String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        Matcher place = PLACE.matcher(message);
        String why = message.lines().findFirst().orElse("");
        return place.matches()
                ? new WrongExpression(
                        Integer.parseInt(place.group(2)), Integer.parseInt(place.group(3)), plain(place.group(1)))
                : new WrongExpression(1, 1, why);
    }

    /** In place of the parser's words for what it has come upon. */
    private static String plain(String why) {
        Matcher unexpected = UNEXPECTED.matcher(why);
        if (unexpected.matches()) {
            return "'" + unexpected.group(1) + "' does not belong here";
        }
        return why.equals(END) ? "it ends where more is expected" : why;
    }
}
