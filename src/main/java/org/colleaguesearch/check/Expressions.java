package org.colleaguesearch.check;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.SourceText;
import org.colleaguesearch.yaml.Unreadable;
import org.colleaguesearch.yaml.Yaml;

/** Each expression of simple and of jq compiles; also those of files, which are relative to the folder. */
record Expressions(Path folder) implements Rule {
    private static final Set<String> PREDICATES =
            Set.of("filter", "when", "validate", "onWhen", "handled", "continued", "retryWhile", "completionPredicate");
    private static final Set<String> DYNAMIC = Set.of("toD", "wireTap");
    private static final Set<String> NAMED = Set.of("setHeader", "setVariable", "setProperty");
    private static final String FILE = "resource:file:";
    private static final Pattern BEAN = Pattern.compile("\\$\\{bean:[^}]*}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{[^}]*}}");

    @Override
    public Stream<Problem> problems(Routes routes) {
        // One for all of a check: it is made of a Camel context, which is never started.
        SimpleSyntax simple = new SimpleSyntax();
        return routes.fields().filter(field -> !field.isOption()).flatMap(field -> {
            Yaml.Text text = text(field.value());
            return text == null
                    ? Stream.of()
                    : routes.filled(field.in(), text).flatMap(filled -> problems(field, filled, simple));
        });
    }

    /** {@code simple: {expression: x}} is {@code simple: x}. */
    private static Yaml.Text text(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> text;
            case Yaml.Keys keys -> keys.text("expression").orElse(null);
            case Yaml.Items list -> null;
        };
    }

    private Stream<Problem> problems(Declaration.Field field, Yaml.Text text, SimpleSyntax simple) {
        if (field.isNamed("jq")) {
            return jq(text);
        }
        if (!isSimple(field)) {
            return Stream.of();
        }
        // What a placeholder stands for fits where a number does. Camel would call beans, which another rule looks for.
        String known =
                BEAN.matcher(PLACEHOLDER.matcher(text.text()).replaceAll("1")).replaceAll("\\${body}");
        return simple.wrong(known, isPredicate(field)).stream()
                .map(wrong -> text.place().problem("this simple expression does not compile: " + wrong));
    }

    private static boolean isSimple(Declaration.Field field) {
        return switch (field.key().text()) {
            case "simple" -> true;
            case "message" -> field.owner().equals("log");
            case "log", "toD" -> field.value() instanceof Yaml.Text;
            case "uri" -> DYNAMIC.contains(field.owner());
            case "method" -> field.value() instanceof Yaml.Text;
            case "name" -> NAMED.contains(field.owner());
            case "precondition" -> !field.owner().equals("choice");
            default -> false;
        };
    }

    private static boolean isPredicate(Declaration.Field field) {
        boolean isWhile = field.owner().equals("loop")
                && field.siblings()
                        .text("doWhile")
                        .map(Yaml.Text::text)
                        .orElse("")
                        .equals("true");
        return isWhile || field.isNamed("precondition") || PREDICATES.contains(field.owner());
    }

    private Stream<Problem> jq(Yaml.Text text) {
        if (!text.text().startsWith(FILE)) {
            return text.text().startsWith("resource:")
                            || PLACEHOLDER.matcher(text.text()).find()
                    ? Stream.of()
                    : JqSyntax.wrong(text.text()).stream()
                            .map(wrong -> text.place().problem("this jq expression does not compile: " + wrong.text()));
        }
        Path name = Path.of(text.text().substring(FILE.length()));
        try {
            return JqSyntax.wrong(SourceText.read(folder.resolve(name), name)).stream()
                    .map(wrong -> new Problem(
                            name, wrong.line(), wrong.column(), "this jq program does not compile: " + wrong.text()));
        } catch (Unreadable e) {
            return Stream.of(text.place().problem(name + ": " + e.problem().text()));
        }
    }
}
