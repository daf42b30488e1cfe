package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.SourceText;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each expression of simple and of jq compiles; also those of files, which are relative to the folder. */
record Expressions(Path folder, KnownSettings settings) implements Rule {
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
                    : routes.problems(field.in(), text, filled -> problems(field, filled, simple));
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
            // Known when it runs.
            boolean isOpen = text.text().startsWith("resource:")
                    || PLACEHOLDER.matcher(text.text()).find();
            return isOpen && !text.text().startsWith(FILE) ? Stream.of() : wrong(text, "jq", JqSyntax::wrong);
        }
        return isSimple(field)
                ? wrong(text, "simple", program -> wrong(program, isPredicate(field), simple))
                : Stream.of();
    }

    private Stream<Problem> wrong(
            Yaml.Text text, String language, Function<String, Optional<WrongExpression>> compiler) {
        if (!text.text().startsWith(FILE)) {
            return compiler.apply(text.text()).stream()
                    .map(wrong -> text.at(wrong.line(), wrong.column())
                            .problem("this " + language + " expression does not compile: " + wrong.text()));
        }
        Path name = NamedFiles.name(text.text().substring(FILE.length()));
        try {
            return compiler.apply(SourceText.read(new NamedFiles(folder).path(name), name)).stream()
                    .map(wrong -> new Problem(
                            name,
                            wrong.line(),
                            wrong.column(),
                            "this " + language + " program does not compile: " + wrong.text()));
        } catch (Unreadable e) {
            return Stream.of(text.place().problem(name + ": " + e.problem().text()));
        }
    }

    /**
     * As Camel reads it, with what its placeholders stand for; nothing, where that is not known. Camel would call beans,
     * which another rule looks for.
     */
    private Optional<WrongExpression> wrong(String program, boolean isPredicate, SimpleSyntax simple) {
        String read = BEAN.matcher(settings.filled(program)).replaceAll("\\${body}");
        if (read.contains("{{")) {
            return Optional.empty();
        }
        Optional<WrongExpression> wrong = simple.wrong(read, isPredicate);
        return read.equals(program)
                ? wrong
                : wrong.map(found ->
                        new WrongExpression(found.line(), 1, found.text() + ", which is how Camel reads " + program));
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
}
