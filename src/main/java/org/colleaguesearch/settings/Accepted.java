package org.colleaguesearch.settings;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.core.ResolvableType;
import org.springframework.util.unit.DataSize;

/** Describes the values that a setting of a given type accepts. */
final class Accepted {
    private Accepted() {}

    static String by(ResolvableType setting) {
        Class<?> type = setting.resolve(Object.class);
        if (Collection.class.isAssignableFrom(type)) {
            return "a comma-separated list of " + by(setting.getGeneric(0));
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of: ", ""));
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class || type == Float.class) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a duration such as 500ms, 30s or 5m";
        }
        if (type == ZoneId.class) {
            return "a time zone such as Europe/Stockholm or UTC";
        }
        if (type == DataSize.class) {
            return "a size such as 512KB or 10MB";
        }
        if (type == URI.class) {
            return "a URL";
        }
        if (type == Jq.class) {
            return "a jq expression";
        }
        return "a value of type " + type.getSimpleName();
    }
}
