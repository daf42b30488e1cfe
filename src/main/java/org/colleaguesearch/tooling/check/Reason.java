package org.colleaguesearch.tooling.check;

import java.io.FileNotFoundException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.settings.Nearest;

/** Why something failed, in a line: in plain words and with what to do, where that is known, else as Camel has it. */
final class Reason {
    /** Of which a bean is to be, without its package. */
    private static final Pattern TYPE = Pattern.compile(" of type: (?:\\w+\\.)*(\\w+)");

    /** What to do, by how Camel's messages begin. */
    private static final Map<String, String> REMEDIES = Map.of(
            "Cannot find camel-", " The application does not have it: leave the step out",
            "Cannot find RoutesBuilderLoader", ": call the file ….camel.yaml, with no other dot");

    private Reason() {}

    static String of(Throwable failure) {
        return Causes.of(failure)
                .flatMap(cause -> plain(cause).stream())
                .findFirst()
                .orElseGet(() -> line(Causes.of(failure)
                        .filter(cause -> !isWrapping(cause))
                        .findFirst()
                        .orElse(failure)));
    }

    private static Optional<String> plain(Throwable cause) {
        return Optional.ofNullable(
                switch (cause) {
                    case PropertyBindingException property -> property(property);
                    case ClassNotFoundException gone ->
                        "there is no class " + gone.getMessage() + ": write its full name, with its package";
                    case NoSuchBeanException gone -> bean(gone);
                    case FileNotFoundException gone ->
                        line(gone).replaceFirst(" for URI: .*", "") + ": add it, or name another";
                    case PatternSyntaxException regex -> regex(regex);
                    case SimpleIllegalSyntaxException simple ->
                        Causes.of(simple)
                                .skip(1)
                                .flatMap(inner -> plain(inner).stream())
                                .findFirst()
                                .orElseGet(() -> line(simple) + " of "
                                        + simple.getExpression().strip());
                    case TypeConversionException type ->
                        "invalid value '" + type.getValue() + "': expected a "
                                + type.getToType().getSimpleName();
                    case NoSuchMethodException none -> noConstructor(line(none));
                    default ->
                        REMEDIES.entrySet().stream()
                                .filter(known -> line(cause).startsWith(known.getKey()))
                                .map(known -> line(cause) + known.getValue())
                                .findFirst()
                                .orElse(null);
                });
    }

    /** Whether it only says that something within it failed. */
    private static boolean isWrapping(Throwable failure) {
        return failure.getCause() != null
                && (line(failure).matches("Error (pre-parsing|creating bean).*")
                        || failure.getCause().toString().equals(failure.getMessage()));
    }

    private static String noConstructor(String none) {
        return none.contains(".<init>")
                ? "no bean can be made of " + none.replaceFirst("\\.<init>.*", "")
                        + ": name a class that has a constructor for what is given"
                : null;
    }

    /** Without a value that is no text, since it says nothing to show it. */
    private static String property(PropertyBindingException wrong) {
        String property = "'" + wrong.getPropertyName() + "'";
        Throwable cause = wrong.getCause();
        if (cause == null) {
            return "unknown property " + property + ": remove it, or write it as its class does";
        }
        String value = property + ": invalid value '" + wrong.getValue() + "'";
        if (cause instanceof TypeConversionException type) {
            return value + ", expected a " + type.getToType().getSimpleName();
        }
        return Causes.of(cause)
                .filter(NoTypeConversionAvailableException.class::isInstance)
                .map(NoTypeConversionAvailableException.class::cast)
                .filter(none -> none.getFromType() != null)
                .map(none -> none.getToType() == Class.class
                        ? property + ": there is no class " + none.getValue()
                                + ": write its full name, with its package"
                        : property + ": expected a " + none.getToType().getSimpleName() + ", not a "
                                + none.getFromType().getSimpleName())
                .findFirst()
                .orElseGet(() -> value + ": " + of(cause));
    }

    private static String regex(PatternSyntaxException wrong) {
        return "invalid regular expression " + wrong.getPattern() + ": " + wrong.getDescription() + " at letter "
                + (Math.max(0, wrong.getIndex()) + 1);
    }

    private static String bean(NoSuchBeanException gone) {
        String name = Objects.requireNonNullElse(gone.getName(), "");
        if (name.startsWith("#class:") && gone.getCause() != null) {
            // That says why none can be made of it.
            return null;
        }
        if (name.contains(".")) {
            return "the application has no " + name + ": leave out what needs one";
        }
        Matcher type = TYPE.matcher(line(gone));
        String remedy = Nearest.remedy(name, Beans.ofApplication().types().keySet());
        return "there is no bean" + (name.isEmpty() ? "" : " " + name)
                + (type.find()
                        ? " of type " + type.group(1)
                                + (Beans.ofApplication().types().containsKey(name) ? ": use another bean" : remedy)
                        : name.isEmpty() ? ": name one" : remedy);
    }

    /** The first line, without the names that Java and Camel give to their objects. */
    private static String line(Throwable failure) {
        return Causes.line(failure).replaceAll("(?<=\\w)@[0-9a-f]{4,}| on: org\\.apache\\.camel\\.reifier\\.\\w+", "");
    }
}
