package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.text.SimpleDateFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.util.ClassUtils;

/** Classes, regular expressions and dates in simple, and JSON features are valid. Camel reads them only at run time. */
final class RuntimeExpressions implements Rule {
    private static final Pattern CLASS =
            Pattern.compile("(?:\\$\\{(?:type:|(?:mandatoryB|b)odyAs\\()|} !?is ['\"])(\\w+(?:\\.[\\w$]+)+)");

    private static final Pattern REGEX = Pattern.compile("} !?regex (['\"])(.*?)\\1", Pattern.DOTALL);

    /** The pattern of a date, which follows the date and an optional time zone. */
    private static final Pattern DATE = Pattern.compile("\\$\\{date(?:-with-timezone:[^:{}]+)?:[^:{}]+:([^{}]+)}");

    private static final Set<String> FEATURE_KEYS = Set.of("enableFeatures", "disableFeatures");

    private static final Set<String> FEATURES = Stream.of(
                    SerializationFeature.values(), DeserializationFeature.values(), MapperFeature.values())
            .flatMap(Stream::of)
            .map(Enum::name)
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields()
                .flatMap(field -> Yaml.texts(field.value())
                        .flatMap(text -> routes.problems(
                                field.in(),
                                text,
                                filled -> Stream.concat(
                                                FEATURE_KEYS.contains(
                                                                field.key().text())
                                                        ? features(filled.text())
                                                        : Stream.of(),
                                                simple(filled.text()))
                                        .map(filled.place()::problem))));
    }

    private static Stream<String> features(String names) {
        return Stream.of(names.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.contains("{{") && !FEATURES.contains(StringHelper.asEnumConstantValue(name)))
                .map(name -> "unknown JSON feature '" + name + "'" + Nearest.remedy(name, FEATURES));
    }

    private static Stream<String> simple(String text) {
        return Stream.of(
                        CLASS.matcher(text).results().flatMap(match -> missing(match.group(1))),
                        REGEX.matcher(text).results().flatMap(RuntimeExpressions::wrongRegex),
                        DATE.matcher(text).results().flatMap(RuntimeExpressions::wrongDate))
                .flatMap(problems -> problems);
    }

    /** The class, unless it exists. A constant of the class may follow its name. */
    private static Stream<String> missing(String name) {
        return ClassUtils.isPresent(name, null) || ClassUtils.isPresent(ClassUtils.getPackageName(name), null)
                ? Stream.of()
                : Stream.of("unknown class '" + name + "': write its full name, with its package");
    }

    private static Stream<String> wrongRegex(MatchResult match) {
        try {
            // A pattern that contains an expression is known only at run time.
            Pattern.compile(match.group(2).contains("${") ? "" : match.group(2));
            return Stream.of();
        } catch (PatternSyntaxException e) {
            return Stream.of(Reason.of(e));
        }
    }

    private static Stream<String> wrongDate(MatchResult match) {
        try {
            new SimpleDateFormat(match.group(1), Locale.ROOT);
            return Stream.of();
        } catch (IllegalArgumentException e) {
            return Stream.of("invalid date pattern " + match.group(1) + ": " + e.getMessage());
        }
    }
}
