package org.colleaguesearch.tooling.check;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.settings.CronTimes;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** An option of an endpoint. */
record EndpointOption(Yaml.Text name, Yaml.Text value) {
    private static final Pattern OPEN =
            Pattern.compile("\\{\\{.*}}|\\$\\{.*}|\\$simple\\{.*}|#.*|RAW\\(.*", Pattern.DOTALL);

    /** Whether a text is only known at run time. */
    static boolean isOpen(String text) {
        return OPEN.matcher(text).find();
    }

    /** The options of an endpoint: in its URI, and under {@code parameters}. */
    static List<EndpointOption> of(Declaration.Field field, Yaml.Text uri) {
        List<EndpointOption> options = new ArrayList<>();
        String query = uri.text().replaceAll("\\$\\{[^}]*}", "\\${}").replaceFirst("^[^?]*\\??", "");
        for (String part : query.split("&", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2) {
                options.add(new EndpointOption(at(uri, StringHelper.dashToCamelCase(pair[0])), at(uri, pair[1])));
            }
        }
        parameters(field)
                .filter(entry -> entry.value() instanceof Yaml.Text)
                .forEach(entry -> options.add(new EndpointOption(entry.key(), (Yaml.Text) entry.value())));
        return options;
    }

    private static Stream<Yaml.Entry> parameters(Declaration.Field field) {
        return field.isNamed("uri")
                ? field.siblings().keys("parameters").stream().flatMap(parameters -> parameters.entries().stream())
                : Stream.of();
    }

    private static Yaml.Text at(Yaml.Text uri, String text) {
        return new Yaml.Text(uri.place(), text, false);
    }

    /** The value of an option of an endpoint. */
    static Optional<Yaml.Text> value(Declaration.Field field, Yaml.Text uri, String name) {
        return of(field, uri).stream()
                .filter(option -> option.name().text().equals(name))
                .map(EndpointOption::value)
                .findFirst();
    }

    /** Problems of options whose value is a list or has keys. */
    static Stream<Problem> lists(Declaration.Field field) {
        return parameters(field)
                .filter(entry -> !(entry.value() instanceof Yaml.Text))
                .map(entry -> entry.value()
                        .place()
                        .problem("invalid value of '" + entry.key().text() + "': expected a single value"));
    }

    /** The problem that Camel's catalog finds with it, if any. */
    Stream<Problem> invalid(ComponentModel component, EndpointValidationResult result) {
        String option = "'" + name.text() + "' of " + component.getScheme();
        if (value.isMissing()) {
            return Stream.of(name.place().problem(option + " has no value: add one, or remove the option"));
        }
        if (result.getUnknown() != null && result.getUnknown().contains(name.text())) {
            Set<String> known = Endpoints.names(component);
            // Lenient components pass unknown options on, such as to a server. Some take beans in undocumented options.
            boolean isPassedOn = component.isLenientProperties()
                    && Nearest.meant(name.text(), known).isEmpty();
            return isPassedOn || value.text().startsWith("#")
                    ? Stream.of()
                    : Stream.of(name.place().problem("unknown option " + option + Nearest.remedy(name.text(), known)));
        }
        String remedy = isAmong(result.getInvalidEnum())
                ? Nearest.remedy(value.text(), result.getEnumChoices(name.text()))
                : isAmong(result.getInvalidBoolean())
                        ? ": expected true or false"
                        : isAmong(result.getInvalidInteger()) || isAmong(result.getInvalidNumber())
                                // Camel also accepts a duration as a number of milliseconds.
                                ? Endpoints.isDuration(value.text()) ? "" : ": expected a number"
                                : isAmong(result.getInvalidDuration()) ? ": expected a duration such as 500 or 5s" : "";
        return remedy.isEmpty() ? Stream.of() : Stream.of(invalid(option, remedy));
    }

    private boolean isAmong(Map<String, String> invalid) {
        return invalid != null && invalid.containsKey(name.text());
    }

    private Problem invalid(String option, String remedy) {
        return value.place().problem("invalid value '" + value.text() + "' of " + option + remedy);
    }

    /** The problem of a quartz schedule, if any. Camel parses the schedule only when the route starts. */
    Stream<Problem> invalidSchedule(String scheme) {
        // Camel reads + as a space, both in a URI and in a parameter.
        String read = value.text().replace('+', ' ');
        if (!scheme.equals("quartz") || isOpen(read) || value.isMissing()) {
            return Stream.of();
        }
        String remedy =
                switch (name.text()) {
                    case "cron" -> wrongCron(read);
                    case "trigger.timeZone" ->
                        read.matches("GMT[+-]\\d{1,2}(:?\\d{2})?")
                                        || List.of(TimeZone.getAvailableIDs()).contains(read)
                                ? ""
                                : ": expected a time zone such as Europe/Stockholm, UTC or RAW(GMT+02:00)";
                    default -> "";
                };
        return remedy.isEmpty() ? Stream.of() : Stream.of(invalid("'" + name.text() + "' of quartz", remedy));
    }

    private static String wrongCron(String cron) {
        try {
            return CronTimes.of(cron, ZoneOffset.UTC).after(Instant.now()).isPresent() ? "" : ": it will never fire";
        } catch (ParseException e) {
            // Quartz reads past the end of some expressions and reports only that exception.
            String why = e.getMessage().contains("Exception") ? "" : " (" + e.getMessage() + ")";
            return ": expected a cron expression such as 0 0 2 * * ?" + why;
        }
    }
}
