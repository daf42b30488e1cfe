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

    /** Where in a program it does not compile, counted from 1, and why, in a line. */
    public record Wrong(int line, int column, String text) {}

    /** What is wrong with a program; nothing, if it compiles. */
    public static Optional<Wrong> wrong(String program) {
        if (program.isBlank()) {
            return Optional.of(new Wrong(1, 1, "it is empty; write . to take all as it is"));
        }
        try {
            JsonQuery.compile(program, Versions.JQ_1_7);
            return JqCalls.in(program).stream()
                    .filter(call -> !Functions.NAMES.contains(call.name()))
                    .map(call -> noFunction(call, program))
                    .findFirst();
        } catch (JsonQueryException | RuntimeException e) {
            return Optional.of(wrong(e));
        } catch (StackOverflowError e) {
            return Optional.of(new Wrong(1, 1, "it is too deep"));
        }
    }

    private static Wrong noFunction(JqCalls.Call call, String program) {
        String before = program.substring(0, call.at());
        return new Wrong(
                (int) before.chars().filter(letter -> letter == '\n').count() + 1,
                call.at() - before.lastIndexOf('\n'),
                "there is no function '" + call.name() + "'; did you mean '"
                        + Nearest.meant(call.name(), Functions.NAMES).orElse("." + call.name()) + "'?");
    }

    /** What Camel lets a program call. Read when the first program is checked. */
    private static final class Functions {
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
                    .map(name -> name.replaceFirst("/\\d+$", ""))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static Wrong wrong(Exception e) {
        // The parser's own message has the place.
        String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        Matcher place = PLACE.matcher(message);
        String why = message.lines().findFirst().orElse("");
        return place.matches()
                ? new Wrong(Integer.parseInt(place.group(2)), Integer.parseInt(place.group(3)), plain(place.group(1)))
                : new Wrong(1, 1, why);
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
