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

/** What Camel reads only when a message comes: classes, regular expressions and dates in simple, and features of JSON. */
final class LateExpressions implements Rule {
    private static final Pattern CLASS =
            Pattern.compile("(?:\\$\\{(?:type:|(?:mandatoryB|b)odyAs\\()|} !?is ['\"])(\\w+(?:\\.[\\w$]+)+)");

    private static final Pattern REGEX = Pattern.compile("} !?regex (['\"])(.*?)\\1", Pattern.DOTALL);

    /** The pattern of a date, after the date and maybe its time zone. */
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
                        REGEX.matcher(text).results().flatMap(LateExpressions::wrongRegex),
                        DATE.matcher(text).results().flatMap(LateExpressions::wrongDate))
                .flatMap(problems -> problems);
    }

    /** The name can be followed by that of a constant. */
    private static Stream<String> missing(String name) {
        return ClassUtils.isPresent(name, null) || ClassUtils.isPresent(ClassUtils.getPackageName(name), null)
                ? Stream.of()
                : Stream.of("there is no class " + name + ": write its full name, with its package");
    }

    private static Stream<String> wrongRegex(MatchResult match) {
        try {
            // One with an expression in it is known when it runs.
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
