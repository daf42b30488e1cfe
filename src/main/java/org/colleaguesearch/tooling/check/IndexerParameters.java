package org.colleaguesearch.tooling.check;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.tooling.yaml.Yaml;

/** The parameters of an indexer are valid: a URL of the people API for each person, column names, true or false. */
record IndexerParameters(KnownSettings settings) implements Rule {
    private static final String DEMO = "http://127.0.0.1";
    private static final Pattern VARIABLE = Pattern.compile("\\{(?!\\{)([^{}]*)}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(?:(?!\\{\\{|}}).)*}}", Pattern.DOTALL);

    @Override
    public Stream<Problem> problems(Routes routes) {
        return IndexerRules.indexers(routes)
                .flatMap(made -> made.value().items("parameters").stream())
                .flatMap(parameter -> parameter.text("value").stream()
                        .flatMap(value -> wrong(
                                parameter.text("name").map(Yaml.Text::text).orElse(""), settings.filled(value.text()))
                                .map(value.place()::problem)
                                .stream()));
    }

    private Optional<String> wrong(String name, String value) {
        if (isOpen(value)) {
            return Optional.of(
                    "'{{' has no matching '}}': add it; in a jq string, write \\u007b for one of the braces");
        }
        return Optional.ofNullable(
                switch (name) {
                    case "url" -> wrongUrl(value);
                    case "columns" -> wrongColumns(value);
                    case "stopOnFirstError" ->
                        value.matches("true|false")
                                ? null
                                : "stopOnFirstError: expected true or false, not '" + value + "'";
                    default -> null;
                });
    }

    /** Whether a placeholder is not closed. Camel takes quoted braces without a key as text. */
    private static boolean isOpen(String value) {
        String rest = value.replaceAll("(['\"])\\{\\{\\1", "");
        while (PLACEHOLDER.matcher(rest).find()) {
            rest = PLACEHOLDER.matcher(rest).replaceAll("");
        }
        return rest.contains("{{");
    }

    private String wrongUrl(String url) {
        Optional<String> unknown = VARIABLE.matcher(url)
                .results()
                .map(match -> match.group(1))
                .filter(variable -> !variable.matches("id|name"))
                .findFirst();
        if (unknown.isPresent()) {
            return "unknown variable {" + unknown.get() + "} in the url: use {id} or {name}";
        }
        if (url.contains("'")) {
            return "the url contains ': write %27";
        }
        if (!VARIABLE.matcher(url).find()) {
            return "the url is the same for every person: add {id} or {name}, as in /people/{id}/patents";
        }
        try {
            new ApiUrls(base()).resolve(VARIABLE.matcher(url).replaceAll("1"));
            return null;
        } catch (IllegalArgumentException e) {
            return "invalid url: " + why(e);
        }
    }

    private String why(IllegalArgumentException e) {
        if (e.getCause() instanceof URISyntaxException syntax && syntax.getIndex() >= 0) {
            return "'" + syntax.getInput().charAt(syntax.getIndex()) + "' must be percent-encoded";
        }
        return base().toString().equals(DEMO)
                ? "not on the host of the demo API: set colleagues.apis.default.base-url, or write a path"
                : e.getMessage();
    }

    /** The people API's base URL. An invalid one is not a problem of the route files. */
    private URI base() {
        String set = settings.value("colleagues.apis.default.base-url");
        return URI.create(set != null && set.matches("https?://[\\w.-]+(:\\d+)?(/\\S*)?") ? set : DEMO);
    }

    private static String wrongColumns(String columns) {
        Set<String> known = new HashSet<>();
        for (String column : columns.split(",", -1)) {
            if (column.isBlank()) {
                return "empty name in columns: list the fields of an item, separated by commas";
            }
            if (!known.add(column.strip())) {
                return "duplicate column '" + column.strip() + "': remove one";
            }
        }
        return null;
    }
}
