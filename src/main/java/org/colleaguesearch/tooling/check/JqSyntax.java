package org.colleaguesearch.tooling.check;

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

/** Checks jq programs with the compiler and the functions that Camel uses. */
public final class JqSyntax {
    private static final Pattern PLACE = Pattern.compile("(.*?) at line (\\d+), column (\\d+).*", Pattern.DOTALL);
    private static final Pattern UNEXPECTED = Pattern.compile("Encountered \" .*\"(.*) \"\"");

    private JqSyntax() {}

    /** The first error of a program; empty if it compiles and uses only known names. */
    public static Optional<WrongExpression> wrong(String program) {
        if (program.isBlank()) {
            return Optional.of(new WrongExpression(1, 1, "the program is empty: write . for the whole body"));
        }
        try {
            return JqNames.firstUnknown(JsonQuery.compile(program, Versions.JQ_1_7), BuiltIn.NAMES)
                    .map(unknown -> WrongExpression.at(program, letter(program, unknown.name()), unknown.text()));
        } catch (JsonQueryException | RuntimeException e) {
            return Optional.of(wrong(e));
        } catch (StackOverflowError e) {
            return Optional.of(new WrongExpression(1, 1, "the program is nested too deeply"));
        }
    }

    /** The index of the first occurrence of a name, outside longer names and field names. */
    private static int letter(String program, String name) {
        Matcher first = Pattern.compile("(?<![\\w.$@])" + Pattern.quote(name) + "(?!\\w)")
                .matcher(program);
        return first.find() ? first.start() : Math.max(0, program.indexOf(name));
    }

    /** Loaded when the first program is checked. */
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

    /** The error of the parser, whose message contains the place. */
    private static WrongExpression wrong(Exception e) {
        String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        Matcher place = PLACE.matcher(message);
        if (!place.matches()) {
            return new WrongExpression(1, 1, message.lines().findFirst().orElse(""));
        }
        Matcher unexpected = UNEXPECTED.matcher(place.group(1));
        String text = unexpected.matches()
                ? "unexpected '" + unexpected.group(1) + "'"
                : place.group(1).replace("Encountered \"<EOF>\"", "unexpected end");
        return new WrongExpression(Integer.parseInt(place.group(2)), Integer.parseInt(place.group(3)), text);
    }
}
