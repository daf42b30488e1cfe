package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.CronTimes;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** An option of an endpoint, and where it is given. */
record EndpointOption(Yaml.Text name, Yaml.Text value) {
    /** What is known only when it runs. */
    private static final Pattern OPEN =
            Pattern.compile("\\{\\{.*}}|\\$\\{.*}|\\$simple\\{.*}|#.*|RAW\\(.*", Pattern.DOTALL);

    /** Camel also takes a duration for a number, of milliseconds. One that begins with P is Java's. */
    private static final Pattern DURATION = Pattern.compile(
            "-?\\d+|(?i)(\\d+(\\.\\d+)?(ms|[smhd]|sec|min|hour|day)\\w* *)+|-?P(?=.)(-?\\d+D)?(T(-?[\\d.]+[HMS])+)?");

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?|" + DURATION);

    /** Whether a text is known only when it runs. */
    static boolean isOpen(String text) {
        return OPEN.matcher(text).find();
    }

    /** Those of an endpoint: in its URI, and under {@code parameters}. */
    static List<EndpointOption> of(Declaration.Field field, Yaml.Text uri) {
        List<EndpointOption> options = new ArrayList<>();
        String query = uri.text().replaceAll("\\$\\{[^}]*}", "\\${}").replaceFirst("^[^?]*\\??", "");
        for (String part : query.split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2) {
                options.add(new EndpointOption(at(uri, StringHelper.dashToCamelCase(pair[0])), at(uri, pair[1])));
            }
        }
        if (field.isNamed("uri")) {
            field.siblings().keys("parameters").stream()
                    .flatMap(parameters -> parameters.entries().stream())
                    .filter(entry -> entry.value() instanceof Yaml.Text)
                    .forEach(entry -> options.add(new EndpointOption(entry.key(), (Yaml.Text) entry.value())));
        }
        return options;
    }

    /** Of an endpoint, the value of an option. */
    static Optional<Yaml.Text> value(Declaration.Field field, Yaml.Text uri, String name) {
        return of(field, uri).stream()
                .filter(option -> option.name().text().equals(name))
                .map(EndpointOption::value)
                .findFirst();
    }

    private static Yaml.Text at(Yaml.Text uri, String text) {
        return new Yaml.Text(uri.place(), text, false);
    }

    /** What is wrong with it, for a component that describes its options. */
    Optional<Problem> problem(JsonNode component, String scheme) {
        JsonNode known = component.path("properties").path(name.text());
        boolean isTimeZone = scheme.equals("quartz") && name.text().equals("trigger.timeZone");
        if (known.isMissingNode() && !isTimeZone) {
            return unknown(component, scheme);
        }
        if (value.isMissing()) {
            return Optional.of(name.place().problem("'" + name.text() + "' has no value: give it one, or remove it"));
        }
        return Optional.ofNullable(
                        isTimeZone
                                ? wrongTimeZone()
                                : scheme.equals("quartz") && name.text().equals("cron")
                                        ? wrongCron()
                                        : wrong(value.text(), known))
                .map(wrong -> value.place().problem("'" + name.text() + "' of " + scheme + " takes " + wrong));
    }

    private Optional<Problem> unknown(JsonNode component, String scheme) {
        Set<String> known = new TreeSet<>();
        for (var property : component.path("properties").properties()) {
            String prefix = property.getValue().path("prefix").asText("");
            if (!prefix.isEmpty() && name.text().startsWith(prefix)) {
                return Optional.empty();
            }
            known.add(property.getKey());
            if (!prefix.isEmpty()) {
                known.add(prefix);
            }
        }
        // A lenient component hands on what it does not know, to the server that it calls say.
        boolean isHandedOn = component.at("/component/lenientProperties").asBoolean()
                && Nearest.meant(name.text(), known).isEmpty();
        // Some components take beans by options that they do not describe. Camel says later which are none of them.
        return isHandedOn || value.text().startsWith("#")
                ? Optional.empty()
                : Optional.of(name.place()
                        .problem("unknown option '" + name.text() + "' of " + scheme
                                + Nearest.remedy(name.text(), known)));
    }

    private String wrongCron() {
        try {
            boolean comes =
                    CronTimes.of(asRead(), ZoneOffset.UTC).after(Instant.now()).isPresent();
            return comes ? null : "a cron expression that still fires, not '" + value.text() + "'";
        } catch (ParseException e) {
            return isOpen(value.text())
                    ? null
                    : "a cron expression such as 0 0 2 * * ?, not '" + value.text() + "'" + why(e);
        }
    }

    /** Java takes a time zone that it does not know for GMT. */
    private String wrongTimeZone() {
        String id = asRead();
        boolean isKnown = isOpen(value.text())
                || id.matches("GMT[+-]\\d{1,2}(:?\\d{2})?")
                || List.of(TimeZone.getAvailableIDs()).contains(id);
        return isKnown
                ? null
                : "a time zone such as Europe/Stockholm, UTC or RAW(GMT+02:00), not '" + value.text() + "'";
    }

    /** Camel takes + for a space, in a URI and in a parameter. */
    private String asRead() {
        return value.text().replace('+', ' ');
    }

    /** Quartz reads beyond the end of some, and says so. */
    private static String why(ParseException e) {
        return e.getMessage().contains("Exception") ? "" : " (" + e.getMessage() + ")";
    }

    /** What an option takes, if a value is none of it. */
    private static String wrong(String value, JsonNode option) {
        if (isOpen(value)) {
            return null;
        }
        String not = ", not '" + value + "'";
        return switch (option.path("type").asText()) {
            case "boolean" -> value.matches("(?i)true|false") ? null : "true or false" + not;
            case "integer" -> DURATION.matcher(value).matches() ? null : "a whole number" + not;
            case "number" -> NUMBER.matcher(value).matches() ? null : "a number" + not;
            case "duration" -> DURATION.matcher(value).matches() ? null : "a duration such as 500 or 5s" + not;
            case "enum" -> oneOf(value, option.path("enum"));
            default -> null;
        };
    }

    private static String oneOf(String value, JsonNode values) {
        Set<String> known = new TreeSet<>();
        values.forEach(one -> known.add(one.asText()));
        return new EnumValues(known).have(value) ? null : "no '" + value + "'" + Nearest.remedy(value, known);
    }
}
