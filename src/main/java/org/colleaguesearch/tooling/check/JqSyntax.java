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
        } catch (JsonQueryException | RuntimeException e) {
            return Optional.of(wrong(e));
        } catch (StackOverflowError e) {
            return Optional.of(new WrongExpression(1, 1, "it is too deep"));
        }
        return JqNames.firstUnknown(program, BuiltIn.NAMES)
                .map(name -> WrongExpression.at(program, name.at(), name.text()));
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
