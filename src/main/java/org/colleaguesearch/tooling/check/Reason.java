package org.colleaguesearch.tooling.check;

import java.io.FileNotFoundException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

/** Why something failed, in one line: with a remedy for known failures, otherwise in Camel's words. */
final class Reason {
    /** The expected type of a bean, without its package. */
    private static final Pattern TYPE = Pattern.compile(" of type: (?:\\w+\\.)*(\\w+)");

    /** Remedies by the start of Camel's message. */
    private static final Map<String, String> REMEDIES = Map.of(
            "Cannot find camel-", " The application does not include it: remove the step",
            "Cannot find RoutesBuilderLoader", ": rename the file to ….camel.yaml, with no other dot");

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
                        "unknown class '" + gone.getMessage() + "': write its full name, with its package";
                    case NoSuchBeanException gone -> bean(gone);
                    case FileNotFoundException gone ->
                        line(gone).replaceFirst(" for URI: .*", "") + ": add the file, or name another";
                    case PatternSyntaxException regex -> regex(regex);
                    case SimpleIllegalSyntaxException simple ->
                        Causes.of(simple)
                                .skip(1)
                                .flatMap(inner -> plain(inner).stream())
                                .findFirst()
                                .orElseGet(() -> line(simple) + " of "
                                        + simple.getExpression().strip());
                    case TypeConversionException type ->
                        "invalid value '" + type.getValue() + "': expected "
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

    /** Whether a failure says no more than that its cause failed. */
    private static boolean isWrapping(Throwable failure) {
        return failure.getCause() != null
                && (line(failure).matches("Error (pre-parsing|creating bean).*")
                        || failure.getCause().toString().equals(failure.getMessage()));
    }

    private static String noConstructor(String none) {
        return none.contains(".<init>")
                ? "cannot create a bean of " + none.replaceFirst("\\.<init>.*", "")
                        + ": name a class with a constructor for the given arguments"
                : null;
    }

    /** Shows the value only if it is a text; other objects have no readable form. */
    private static String property(PropertyBindingException wrong) {
        String property = "'" + wrong.getPropertyName() + "'";
        Throwable cause = wrong.getCause();
        if (cause == null) {
            return "unknown property " + property + ": remove it, or spell it as in its class";
        }
        String value = property + ": invalid value '" + wrong.getValue() + "'";
        if (cause instanceof TypeConversionException type) {
            return value + ", expected " + type.getToType().getSimpleName();
        }
        return Causes.of(cause)
                .filter(NoTypeConversionAvailableException.class::isInstance)
                .map(NoTypeConversionAvailableException.class::cast)
                .filter(none -> none.getFromType() != null)
                .map(none -> none.getToType() == Class.class
                        ? property + ": unknown class '" + none.getValue() + "': write its full name, with its package"
                        : property + ": expected " + none.getToType().getSimpleName() + ", not "
                                + none.getFromType().getSimpleName())
                .findFirst()
                .orElseGet(() -> value + ": " + of(cause));
    }

    private static String regex(PatternSyntaxException wrong) {
        return "invalid regular expression " + wrong.getPattern() + ": " + wrong.getDescription() + " at character "
                + (Math.max(0, wrong.getIndex()) + 1);
    }

    private static String bean(NoSuchBeanException gone) {
        String name = Objects.requireNonNullElse(gone.getName(), "");
        if (name.startsWith("#class:") && gone.getCause() != null) {
            // The cause says why no bean can be created.
            return null;
        }
        if (name.contains(".")) {
            return "the application has no " + name + ": remove the step that needs it";
        }
        Matcher type = TYPE.matcher(line(gone));
        boolean hasType = type.find();
        Set<String> known = Beans.ofApplication().types().keySet();
        if (hasType && known.contains(name)) {
            return "the bean " + name + " is not of type " + type.group(1) + ": use another bean";
        }
        return name.isEmpty() && !hasType
                ? "missing bean: name one"
                : "unknown bean" + (name.isEmpty() ? "" : " '" + name + "'")
                        + (hasType ? " of type " + type.group(1) : "") + Nearest.remedy(name, known);
    }

    /** The first line, without the hash codes and class names that Java and Camel add for objects. */
    private static String line(Throwable failure) {
        return Causes.line(failure).replaceAll("(?<=\\w)@[0-9a-f]{4,}| on: org\\.apache\\.camel\\.reifier\\.\\w+", "");
    }
}
