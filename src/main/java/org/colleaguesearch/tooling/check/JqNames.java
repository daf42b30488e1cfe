package org.colleaguesearch.tooling.check;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.thisptr.jackson.jq.JsonQuery;
import org.colleaguesearch.settings.Nearest;

/**
 * The names that a jq program uses and defines. The library resolves names only when the program runs, so they are read
 * from the syntax tree by reflection. A name defined anywhere in the program counts as known.
 */
final class JqNames {
    private static final String TREE = "net.thisptr.jackson.jq.";

    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> known;

    private JqNames(Set<String> builtIn) {
        this.known = new HashSet<>(builtIn);
    }

    /** An unknown name as written in the program, and the message about it. */
    record Unknown(String name, String text) {}

    /**
     * The first unknown name of a program.
     *
     * @param builtIn functions, as {@code name/arity}, or {@code name} for any number of arguments
     */
    static Optional<Unknown> firstUnknown(JsonQuery program, Set<String> builtIn) {
        JqNames names = new JqNames(builtIn);
        names.walk(program);
        return names.used.stream()
                .filter(name -> !names.known.contains(name) && !names.known.contains(word(name)))
                .map(names::unknown)
                .findFirst();
    }

    private void walk(Object node) {
        if (node instanceof List<?> nodes) {
            nodes.forEach(this::walk);
        } else if (node != null && node.getClass().getName().startsWith(TREE) && !(node instanceof Enum)) {
            switch (node.getClass().getSimpleName()) {
                case "FunctionCall" -> used.add(value(node, "name") + "/" + ((List<?>) value(node, "args")).size());
                case "VariableAccess", "VariableKeyFieldConstruction" -> used.add("$" + value(node, "name"));
                case "FormattingFilter" -> used.add("@" + value(node, "name") + "/0");
                case "BreakExpression" -> used.add("break $" + value(node, "name"));
                case "ImportStatement" -> used.add("import");
                case "LabelPipeComponent" -> known.add("break $" + value(node, "name"));
                case "ValueMatcher" -> known.add("$" + value(node, "name"));
                case "FieldMatcher" -> {
                    if ((boolean) value(node, "dollar")) {
                        known.add("$" + value(node, "name").toString().replace("\"", ""));
                    }
                }
                case "FunctionDefinition" -> define((String) value(node, "fname"), (List<?>) value(node, "args"));
                default -> {
                    // Neither uses nor defines a name.
                }
            }
            fields(node.getClass()).forEach(field -> walk(value(node, field)));
        }
    }

    private void define(String function, List<?> parameters) {
        known.add(function + "/" + parameters.size());
        parameters.forEach(parameter -> known.addAll(Set.of((String) parameter, parameter + "/0")));
    }

    private static Object value(Object node, String name) {
        return fields(node.getClass()).stream()
                .filter(field -> field.getName().equals(name))
                .map(field -> value(node, field))
                .findFirst()
                .orElseThrow();
    }

    private static Object value(Object node, Field field) {
        try {
            field.setAccessible(true);
            return field.get(node);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Field> fields(Class<?> type) {
        Set<Field> fields = new LinkedHashSet<>();
        for (Class<?> each = type; each.getName().startsWith(TREE); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private Unknown unknown(String name) {
        String word = word(name);
        if (name.equals("import")) {
            return new Unknown(name, "import and include are not supported: copy the functions into this program");
        }
        if (name.startsWith("break ")) {
            return new Unknown(name, "no label for '" + name + "': start with label " + name.substring(6) + " | …");
        }
        String arities = known.stream()
                .filter(other -> other.startsWith(word + "/"))
                .map(other -> other.substring(word.length() + 1))
                .sorted()
                .collect(Collectors.joining(" or "));
        if (!arities.isEmpty()) {
            return new Unknown(
                    word,
                    "wrong number of arguments to '" + word + "': expected " + arities + ", separated by semicolons");
        }
        boolean isVariable = name.startsWith("$");
        Set<String> alike = known.stream()
                .filter(other -> other.startsWith("$") == isVariable)
                .map(JqNames::word)
                .collect(Collectors.toSet());
        String remedy = Nearest.meant(word, alike)
                .map(near -> "; did you mean '" + near + "'?")
                .orElse(
                        isVariable
                                ? ": define it first, as in . as " + name + " | …, or use header(\"…\")"
                                : ": Camel's jq has no such function; to get a field, write ." + word);
        return new Unknown(word, "unknown " + (isVariable ? "variable" : "function") + " '" + word + "'" + remedy);
    }

    /** The name without its arity. */
    private static String word(String name) {
        return name.replaceFirst("/\\d+$", "");
    }
}
