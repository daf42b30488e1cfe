package org.colleaguesearch.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.colleaguesearch.web.ProblemException.Fault;
import org.springframework.web.util.UriUtils;

/** The query parameters of a URL, and their faults. */
record QueryString(Map<String, String> values, List<Fault> faults) {
    private static final char REPLACEMENT = '\uFFFD';

    /** Parses an encoded query; null if there is none. */
    static QueryString of(String encoded, Operation operation) {
        Map<String, String> values = new HashMap<>();
        List<Fault> faults = new ArrayList<>();
        Map<String, Parameter> known = operation.parameters().stream()
                .filter(parameter -> parameter.in().equals("query"))
                .collect(Collectors.toMap(Parameter::name, parameter -> parameter));
        for (String pair : encoded == null || encoded.isEmpty() ? new String[0] : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name == null || !known.containsKey(name)) {
                faults.add(new Fault(name == null ? "query" : name, unknown(known)));
            } else if (value == null) {
                faults.add(new Fault(name, "not percent-encoded UTF-8"));
            } else if (values.put(name, value) != null) {
                faults.add(new Fault(name, "given more than once"));
            }
        }
        known.values().stream()
                .filter(parameter ->
                        faults.stream().noneMatch(fault -> fault.field().equals(parameter.name())))
                .forEach(parameter ->
                        parameter.faults(values.get(parameter.name())).forEach(faults::add));
        return new QueryString(values, faults);
    }

    /** Null if the text is not percent-encoded UTF-8. */
    private static String decode(String encoded) {
        try {
            String decoded = UriUtils.decode(encoded.replace('+', ' '), StandardCharsets.UTF_8);
            return decoded.indexOf(REPLACEMENT) < 0 ? decoded : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String unknown(Map<String, Parameter> known) {
        return known.isEmpty()
                ? "unknown parameter; this operation takes no query parameters"
                : "unknown parameter; expected one of: "
                        + known.keySet().stream().sorted().collect(Collectors.joining(", "));
    }
}
