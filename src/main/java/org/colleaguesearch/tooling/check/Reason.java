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
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.settings.Nearest;

/** Why something failed, in a line: in plain words and with what to do, where that is known, else as Camel has it. */
final class Reason {
    /** Of which a bean is to be, without its package. */
    private static final Pattern TYPE = Pattern.compile(" of type: (?:\\w+\\.)*(\\w+)");

    /** Of a class that is not of the type that is wanted, which is without its package. */
    private static final Pattern CAST = Pattern.compile("Cannot cast (\\S+) to (?:\\w+\\.)*(\\w+)");

    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([^=]*)=");

    /** What to do, by how Camel's messages begin. */
    private static final Map<String, String> REMEDIES = Map.of(
            "Cannot find camel-", " The application does not have it: leave the step out",
            "Cannot find RoutesBuilderLoader", ": call the file ….camel.yaml, with no other dot",
            "Cannot find data format in registry", ": name a bean that is one",
            "Method with name", ": name one that it has",
            "Static method with name", ": name one that it has");

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
                        line(gone).replaceFirst(" for URI: .*", "") + ": put it there, or name another";
                    case PatternSyntaxException regex -> regex(regex);
                    case SimpleIllegalSyntaxException simple ->
                        Causes.of(simple)
                                .skip(1)
                                .flatMap(inner -> plain(inner).stream())
                                .findFirst()
                                .orElseGet(() -> line(simple) + " of "
                                        + simple.getExpression().strip());
                    case ClassCastException other -> wrongClass(line(other));
                    case TypeConversionException type ->
                        "'" + type.getValue() + "' is not of the type "
                                + type.getToType().getSimpleName() + ": write one that is";
                    case ResolveEndpointFailedException endpoint -> unknownOption(line(endpoint));
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

    private static String unknownOption(String message) {
        Matcher unknown = UNKNOWN_OPTION.matcher(message);
        return unknown.find() ? "there is no option '" + unknown.group(1) + "': remove it" : null;
    }

    private static String noConstructor(String none) {
        return none.contains(".<init>")
                ? "no bean can be made of " + none.replaceFirst("\\.<init>.*", "")
                        + ": name a class that has a constructor for what is given"
                : null;
    }

    private static String property(PropertyBindingException wrong) {
        Throwable cause = wrong.getCause();
        if (cause == null) {
            return "there is no property '" + wrong.getPropertyName() + "': remove it, or write it as its class does";
        }
        return "'" + wrong.getPropertyName() + "' takes "
                + (cause instanceof TypeConversionException type
                        ? "a value of the type " + type.getToType().getSimpleName() + ", not '" + wrong.getValue() + "'"
                        : otherType(cause).orElseGet(() -> "no '" + wrong.getValue() + "': " + of(cause)));
    }

    /** Of what is no text, so that it says nothing to show it. */
    private static Optional<String> otherType(Throwable failure) {
        return Causes.of(failure)
                .filter(NoTypeConversionAvailableException.class::isInstance)
                .map(NoTypeConversionAvailableException.class::cast)
                .filter(none -> none.getFromType() != null)
                .map(none -> none.getToType() == Class.class
                        ? "the name of a class, with its package, that there is: not '" + none.getValue() + "'"
                        : "a value of the type " + none.getToType().getSimpleName() + ", not one of the type "
                                + none.getFromType().getSimpleName())
                .findFirst();
    }

    private static String regex(PatternSyntaxException wrong) {
        return "the regular expression " + wrong.getPattern() + " is wrong at letter "
                + (Math.max(0, wrong.getIndex()) + 1) + " (" + wrong.getDescription() + "): mend it";
    }

    private static String wrongClass(String message) {
        Matcher cast = CAST.matcher(message);
        return cast.matches() ? cast.group(1) + " is no " + cast.group(2) + ": name a class that is one" : null;
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
